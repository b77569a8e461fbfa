import type { SignedIn } from '../core/people/sign-in.ts';
import { readHealth } from '../core/portals/health.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';

/** How the parts of the product are, as seen from the caller's portal. */
export async function getHealth({ web, me }: Exchange<WebContext, SignedIn>): Promise<Reply> {
  return { kind: 'json', body: { ok: true, parts: await readHealth(web, me.actor.portal) } };
}
