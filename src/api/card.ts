import { cardNotReady, readCard } from '../core/accounts/card.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Signed } from './card-ping.ts';

/** What the card in HubSpot shows of a company. Read from the published snapshot, never from HubSpot. */
export async function getCardOfAccount({ web, me, params }: Exchange<WebContext, Signed>): Promise<Reply> {
  const pieces =
    me.portal === null ? cardNotReady(web) : await readCard(web, me.portal.id, params['companyId']);
  return { kind: 'json-bytes', pieces };
}
