import { readDemoLife, saveDemoLife, type DemoLife } from '../../store/demo-life.ts';
import type { Context } from '../context.ts';
import type { DemoTime } from '../demo-time.ts';
import { runSync } from '../sync/run-sync.ts';

const WEEK_MS = 7 * 86_400_000;
/** How much the latest week says about the ones to come. */
const FRESH = 0.2;

export interface LiveOptions {
  signal: AbortSignal;
  /** told after every moment that was lived to its end */
  onLived?: (life: DemoLife) => void;
}

/**
 * Lives the demo portal up to today: week by week it is moved, synced and published, each step as any portal is. Killed
 * anywhere it goes on with the week it was in; started again after some days it lives those. Answers whether it has caught up.
 */
export async function liveDemo(ctx: Context, demo: DemoTime, options: LiveOptions): Promise<boolean> {
  const life = (await readDemoLife(ctx.store, demo.portal)) ?? unborn(demo);
  const keep = (values: Partial<DemoLife>): Promise<void> =>
    saveDemoLife(ctx.store, demo.portal, Object.assign(life, values));
  for (;;) {
    if (options.signal.aborted) return false; // told to stop: the next start goes on
    const now = ctx.clock.now();
    const to = nextMoment(life, now);
    if (to === null) break;
    await keep({ heading: to.toISOString(), isCaughtUp: false });
    if (!(await liveMoment(ctx, demo, to, options.signal))) return false;
    const tookMs = ctx.clock.now().getTime() - now.getTime();
    // The first load says nothing about how long a week takes.
    const weekMs = life.reached === null ? null : smoothed(life.weekMs, tookMs);
    await keep({ reached: to.toISOString(), heading: null, weekMs });
    options.onLived?.(life);
    if (to.getTime() >= now.getTime()) break;
  }
  await demo.moveTo(null, options.signal);
  await keep({ heading: null, isCaughtUp: true });
  ctx.log.info('the demo portal has caught up', { portal: demo.portal, reached: life.reached });
  return true;
}

async function liveMoment(ctx: Context, demo: DemoTime, at: Date, signal: AbortSignal): Promise<boolean> {
  await demo.moveTo(at, signal);
  const result = await runSync(ctx, demo.portal, { signal });
  if (signal.aborted) return false;
  if (result === null || result.state !== 'complete') {
    ctx.log.warn('the demo portal could not live a week; it is tried again', { at, state: result?.state });
    return false;
  }
  return true;
}

/**
 * The moment to live next; null when the portal is up to date. Weeks are counted from where life begins and meet the day of the first start; beyond
 * it the last step ends now. A moment that was begun is taken up again: the mirror may know of it.
 */
export function nextMoment(life: DemoLife, now: Date): Date | null {
  const [begins, anchor] = [Date.parse(life.begins), Date.parse(life.anchor)];
  const reached = life.reached === null ? null : Date.parse(life.reached);
  const heading = life.heading === null ? null : Date.parse(life.heading);
  if (heading !== null && heading > (reached ?? Number.NEGATIVE_INFINITY)) return new Date(heading);
  // Without a past there is no reason to begin at midnight.
  if (reached === null) return begins < anchor ? new Date(begins) : now;
  if (reached >= now.getTime()) return null;
  const next = Math.min(reached + WEEK_MS, now.getTime());
  return new Date(reached < anchor ? Math.min(next, anchor) : next);
}

function unborn(demo: DemoTime): DemoLife {
  return {
    begins: demo.begins.toISOString(),
    anchor: demo.anchor.toISOString(),
    reached: null,
    heading: null,
    isCaughtUp: false,
    weekMs: null,
  };
}

function smoothed(before: number | null, now: number): number {
  return before === null ? now : (1 - FRESH) * before + FRESH * now;
}
