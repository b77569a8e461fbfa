import { cardNotReady } from '../core/accounts/card.ts';
import type { portalOfHubSpot } from '../core/portals/find-portal.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';

/** Whom a request signed by HubSpot speaks for. */
export interface Signed {
  /** null while it is not known which one it is: the first sync has not asked yet */
  portal: Awaited<ReturnType<typeof portalOfHubSpot>>;
  /** HubSpot's number of the user; null where HubSpot named none */
  hubspotUserId: string | null;
}

/** Answers a card that it was understood: the signature held, and the portal is ours. */
export async function pingCard({ web, me }: Exchange<WebContext, Signed>): Promise<Reply> {
  if (me.portal === null) return { kind: 'json-bytes', pieces: cardNotReady(web) };
  const { hubspotPortalId, timeZone, currency } = me.portal;
  return { kind: 'json', body: { ok: true, portal: { hubspotPortalId, timeZone, currency } } };
}
