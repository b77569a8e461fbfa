import type { SyncContext } from './context.ts';
import { inLanes } from './lanes.ts';
import { inWindow, type Window } from './ledger.ts';
import type { TypeRun } from './loader.ts';
import { nameDifferences } from './name-differences.ts';
import { orRefused } from './read-definitions.ts';
import { countType, countTypes, type Standing } from './reconcile.ts';
import type { Reporter } from './reporter.ts';
import { LINKS_DUE, sweepType, type SweepRun } from './sweep.ts';
import { changeSweep, readSweep, readSweeps, type SweepState } from './sweep-state.ts';

const DAY_MS = 24 * 3_600_000;
/** Every record of a type is read anew after so long. */
const SWEEP_EVERY_MS = 7 * DAY_MS;
/** The links of every record are read anew after so long. */
const LINKS_EVERY_MS = DAY_MS;
/** What a sweep could not settle is not swept for again before. */
const SAME_DIFFERENCE_MS = DAY_MS;

/** A type that was read in this run. */
export interface ReadRun extends TypeRun {
  /** the run */
  id: string;
  /** whether all of it was read just now, by its first load */
  isFresh: boolean;
}

/**
 * Counts the types that were read, sweeps those that are due, and puts the links of types on the list whose last reading is a day old.
 */
export async function sweepTypes(
  ctx: SyncContext,
  types: readonly ReadRun[],
  reporter: Reporter,
): Promise<void> {
  reporter.phase('sweeping');
  const standings = await countTypes(
    ctx,
    types.map(({ objectType, isFresh }) => ({ objectType, now: isFresh })),
  );
  const stateOf = await readSweeps(ctx);
  const due = types.filter((run) => {
    const standing = standings.get(run.objectType) ?? { state: 'unknown', named: 0 };
    reporter.type(run.objectType).reconciled(standing.state);
    return isSweepDue(ctx, run, { standing, sweep: stateOf(run.objectType) });
  });
  await inLanes(ctx, due, (inner, run) => sweep(inner, run, reporter));
  await putLinksBack(
    ctx,
    types.filter((run) => !run.isFresh).map((run) => run.objectType),
  );
}

async function sweep(ctx: SyncContext, run: ReadRun, reporter: Reporter): Promise<void> {
  const { id, objectType } = run;
  const onSwept = reporter.sweep(objectType);
  const refused = await orRefused(() =>
    inWindow(ctx, { run: id, objectType, pass: 'sweep' }, (inner, window) => {
      const onChanged = (count: number): void => {
        run.onChanged(count);
        window.versions(count);
      };
      return sweepWhole(inner, { ...run, onSwept, onChanged }, window);
    }),
  );
  if (refused !== undefined) return; // its scope was taken away meanwhile; the next run says so
  reporter.type(objectType).swept();
  const standing = await countType(ctx, objectType);
  const { state } = standing.state === 'differs' ? await nameDifferences(ctx, run) : standing;
  reporter.type(objectType).reconciled(state);
}

// Whoever asks for everything means from now on: a sweep that was cut off is brought to its end, and is not the one that was asked for.
async function sweepWhole(ctx: SyncContext, run: SweepRun, window: Window): Promise<void> {
  const { startedAt } = await readSweep(ctx, run.objectType);
  await sweepType(ctx, run, window);
  if (ctx.sweep === 'all' && startedAt !== null) await sweepType(ctx, run, window);
}

function isSweepDue(
  ctx: SyncContext,
  run: ReadRun,
  { standing, sweep: { startedAt, finishedAt, properties } }: { standing: Standing; sweep: SweepState },
): boolean {
  const asked = ctx.sweep ?? 'due';
  if (run.isFresh || asked === 'none') return false;
  if (asked === 'all') return true;
  if (!isQuotaAmple(ctx)) return false;
  if (startedAt !== null || finishedAt === null) return true;
  const age = ctx.clock.now().getTime() - finishedAt.getTime();
  if (age < 0 || age >= SWEEP_EVERY_MS) return true; // below zero: the clock was set back
  const known = new Set(properties);
  if (run.properties.some((name) => !known.has(name))) return true;
  return standing.state === 'differs' && (standing.named === 0 || age >= SAME_DIFFERENCE_MS);
}

// The customer's other apps need the daily quota too: with less than half of it left nothing is swept unasked.
function isQuotaAmple({ hubspot }: SyncContext): boolean {
  const { dailyLimit, dailyRemaining } = hubspot.usage();
  return dailyLimit === null || dailyRemaining === null || dailyRemaining >= dailyLimit / 2;
}

// HubSpot moves no date when a link is made or taken away, so that no search would tell.
async function putLinksBack(ctx: SyncContext, types: readonly string[]): Promise<void> {
  if (ctx.sweep === 'none' || !isQuotaAmple(ctx)) return;
  const now = ctx.clock.now();
  const stateOf = await readSweeps(ctx);
  for (const objectType of types) {
    const { linksAt } = stateOf(objectType);
    const age = linksAt === null ? null : now.getTime() - linksAt.getTime();
    if (age !== null && age >= 0 && age < LINKS_EVERY_MS) continue;
    await ctx.warehouse.write(async (db) => {
      await db.run(LINKS_DUE, { object_type: objectType });
      await changeSweep(db, objectType, () => ({ linksAt: now }));
    });
  }
}
