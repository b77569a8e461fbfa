import { z } from 'zod';
import { readDemoLife, type DemoLife } from '../../store/demo-life.ts';
import type { Store } from '../../store/sql.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';

const WEEK_MS = 7 * 86_400_000;

/** Where the demo portal is in its life, ready to be shown. */
export interface DemoView {
  /** the moment that it has reached; what readers see may still be of an earlier one, or be ahead by the one that is being published */
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

const day = defineQuery({
  file: 'reads/account_day.sql',
  params: z.object({}),
  row: z.object({ known_at: z.iso.datetime({ offset: true }) }),
});

/** Of which moment the published data of a demo portal are; null before the first publish, and when nothing in them says it. */
export async function demoDataAt(
  ctx: Pick<WebContext, 'current' | 'snapshots'>,
  portal: PortalId,
): Promise<Date | null> {
  const current = await ctx.current.of(portal);
  if (current === null) return null;
  try {
    const [row] = await ctx.snapshots.read(portal, current.snapshot.name, (db) => day(db, {}));
    return row === undefined ? null : new Date(row.known_at);
  } catch (error) {
    // The page itself says that they cannot be read.
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    return null;
  }
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
