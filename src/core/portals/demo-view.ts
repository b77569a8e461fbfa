import { readDemoLife, type DemoLife } from '../../store/demo-life.ts';
import type { Store } from '../../store/sql.ts';
import type { PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';

const WEEK_MS = 7 * 86_400_000;

/** Where the demo portal is in its life, ready to be shown. */
export interface DemoView {
  /** the moment that its data are of */
  now: Date;
  isLiving: boolean;
  /** weeks lived, and how many there are up to today */
  weeks: { done: number; total: number };
  /** how far it is, 0 to 1 */
  share: number;
  /** null while nobody can say */
  secondsLeft: number | null;
}

/** What a page says of the demo portal's time; null for a portal that lives by the real clock alone. */
export async function getDemoView(
  ctx: { store: Store; clock: Clock },
  portal: PortalId,
): Promise<DemoView | null> {
  const life = await readDemoLife(ctx.store, portal);
  return life === null ? null : viewDemo(life, ctx.clock.now());
}

export function viewDemo(life: DemoLife, now: Date): DemoView {
  const begins = Date.parse(life.begins);
  const at = life.reached ?? life.heading ?? life.begins;
  const lived = life.isCaughtUp ? now.getTime() : Date.parse(at);
  const weeks = (ms: number): number => Math.max(0, Math.floor(ms / WEEK_MS));
  const [done, total] = [weeks(lived - begins), weeks(now.getTime() - begins)];
  const left = Math.ceil((now.getTime() - lived) / WEEK_MS);
  return {
    now: new Date(lived),
    isLiving: !life.isCaughtUp,
    weeks: { done: Math.min(done, total), total },
    share: life.isCaughtUp ? 1 : Math.min(1, (lived - begins) / Math.max(1, now.getTime() - begins)),
    secondsLeft: life.weekMs === null || life.isCaughtUp ? null : Math.round((left * life.weekMs) / 1000),
  };
}

/** What "now" is for a portal's records: the moment that a demo portal has reached; for every other portal, now. */
export async function portalClockOf(ctx: { store: Store; clock: Clock }, portal: PortalId): Promise<Clock> {
  const life = await readDemoLife(ctx.store, portal);
  if (life === null || life.isCaughtUp) return ctx.clock;
  const at = life.heading ?? life.reached ?? life.begins;
  return { now: () => new Date(at), sleep: (ms, signal) => ctx.clock.sleep(ms, signal) };
}
