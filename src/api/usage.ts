import { acceptUsage } from '../core/usage/accept-usage.ts';
import type { Sender } from '../core/usage/tokens.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Reply, SentExchange } from '../http/exchange.ts';

/** A batch of usage from a program of the customer's; 202, since the tables know it with the next publish. */
export async function postUsage({
  web,
  me,
  sent,
  idempotencyKey,
}: SentExchange<WebContext, Sender>): Promise<Reply> {
  return { kind: 'json', status: 202, body: await acceptUsage(web, me, sent, idempotencyKey) };
}
