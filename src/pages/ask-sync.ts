import { requestSync } from '../core/portals/request-sync.ts';
import type { Reply } from '../http/exchange.ts';
import type { PageExchange } from './layout.ts';

/** Asks for a sync and goes back to the page that shows it. */
export async function askSync({ web, me }: PageExchange): Promise<Reply> {
  await requestSync(web, me.actor);
  return { kind: 'redirect', to: '/?asked=1' };
}
