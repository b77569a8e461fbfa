import type { SignedIn } from '../core/people/sign-in.ts';
import { getDemoFrame } from '../core/portals/frame.ts';
import { getSyncFacts } from '../core/portals/overview.ts';
import { viewSync } from '../core/portals/sync-view.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';

/** Where the sync stands, for the page's script; by `stamp` and `state` it knows when what it shows is old. */
export async function getProgress({ web, me }: Exchange<WebContext, SignedIn>): Promise<Reply> {
  const { portal } = me.actor;
  const [facts, demo] = await Promise.all([getSyncFacts(web, portal), getDemoFrame(web, portal)]);
  return { kind: 'json', body: { ok: true, now: web.clock.now(), ...viewSync(facts), demo } };
}
