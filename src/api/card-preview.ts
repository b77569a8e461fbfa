import { readCard } from '../core/accounts/card.ts';
import type { SignedIn } from '../core/people/sign-in.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';

/** What HubSpot's card is answered, for the preview of somebody who is signed in. */
export async function getCardPreview({ web, me, params }: Exchange<WebContext, SignedIn>): Promise<Reply> {
  return { kind: 'json-bytes', pieces: await readCard(web, me.actor.portal, params['id']) };
}
