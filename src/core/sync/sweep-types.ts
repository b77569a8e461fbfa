import type { SyncContext } from './context.ts';
import { closeMerged } from './close-objects.ts';
import type { Failures } from './failures.ts';
import { inLanes } from './lanes.ts';
import { inWindow, type Window } from './ledger.ts';
import { counted, type TypeRun } from './loader.ts';
import { nameDifferences } from './name-differences.ts';
import type { Reconciled } from './progress.ts';
import { isQuotaAmple } from './quota.ts';
import { orRefused } from './read-definitions.ts';
import { readBin } from './read-bin.ts';
import { countType, countTypes } from './reconcile.ts';
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
  failures: Failures,
): Promise<void> {
  reporter.phase('sweeping');
  const standings = await countTypes(
    ctx,
    types.map(({ objectType }) => ({ objectType, now: false })),
  );
  const stateOf = await readSweeps(ctx);
  const due: { run: ReadRun; reason: Reason }[] = [];
  for (const run of types) {
    const { objectType } = run;
    const state = standings.get(objectType)?.state ?? 'unknown';
    reporter.type(objectType).reconciled(state);
    const reason = reasonToSweep(ctx, run, { state, sweep: stateOf(objectType) });
    if (reason !== null) due.push({ run, reason });
    if (state === 'complete' && stateOf(objectType).unsettledAt !== null)
      await ctx.warehouse.write((db) => changeSweep(db, objectType, () => ({ unsettledAt: null })));
  }
  await inLanes(ctx, due, {
    work: async (inner, { run, reason }) => {
      try {
        // Its scope may have been taken away meanwhile; the next run says so.
        await orRefused(() => sweep(inner, run, reason, reporter));
      } catch (error) {
        reporter.type(run.objectType).failed(failures.keep(error, inner.signal).message);
      }
    },
  });
  await putLinksBack(
    ctx,
    types.filter((run) => !run.isFresh).map((run) => run.objectType),
  );
}

async function sweep(ctx: SyncContext, run: ReadRun, reason: Reason, reporter: Reporter): Promise<void> {
  const { id, objectType } = run;
  if (reason === 'differs' && !(await isMoreThanTheBin(ctx, run, reporter))) return;
  // Of what lies in the bin no list of live records tells, be it a new property or a value that changed without a date.
  await readBin(ctx, run, 'whole');
  const onSwept = reporter.sweep(objectType);
  const onRead = reporter.type(objectType).compared;
  await inWindow(ctx, { run: id, objectType, pass: 'sweep' }, (inner, window) =>
    sweepWhole(inner, { ...counted(run, window), onRead, onSwept }, window),
  );
  run.onChanged(await closeMerged(ctx, objectType, 'all'));
  reporter.type(objectType).swept();
  const standing = await countType(ctx, objectType);
  const unsettledAt = standing.state === 'differs' ? ctx.clock.now() : null;
  await ctx.warehouse.write((db) => changeSweep(db, objectType, () => ({ unsettledAt })));
  const { state } = standing.state === 'differs' ? await nameDifferences(ctx, run) : standing;
  reporter.type(objectType).reconciled(state);
}

// A record that is put into the bin, or taken out of it, between reading that and counting makes the two differ, as does one in a bin that is
// not read in every run. The bin costs a small part of a sweep.
async function isMoreThanTheBin(ctx: SyncContext, run: ReadRun, reporter: Reporter): Promise<boolean> {
  await readBin(ctx, run, 'changes');
  const { state } = await countType(ctx, run.objectType);
  reporter.type(run.objectType).reconciled(state);
  return state === 'differs';
}

// Whoever asks for everything means from now on: a sweep that was cut off is brought to its end, and is not the one that was asked for.
async function sweepWhole(ctx: SyncContext, run: SweepRun, window: Window): Promise<void> {
  const { startedAt } = await readSweep(ctx, run.objectType);
  await sweepType(ctx, run, window);
  if (ctx.sweep === 'all' && startedAt !== null) await sweepType(ctx, run, window);
}

type Reason = 'asked' | 'unfinished' | 'time' | 'properties' | 'differs';

function reasonToSweep(
  ctx: SyncContext,
  run: ReadRun,
  { state, sweep }: { state: Reconciled; sweep: SweepState },
): Reason | null {
  const { startedAt, finishedAt, properties, unsettledAt } = sweep;
  const asked = ctx.sweep ?? 'due';
  if (run.isFresh || asked === 'none') return null;
  if (asked === 'all') return 'asked';
  if (!isQuotaAmple(ctx)) return null;
  if (startedAt !== null || finishedAt === null) return 'unfinished';
  if (isOver(ctx, finishedAt, SWEEP_EVERY_MS)) return 'time';
  const known = new Set(properties);
  if (run.properties.some((name) => !known.has(name))) return 'properties';
  if (state !== 'differs') return null;
  return unsettledAt === null || isOver(ctx, unsettledAt, SAME_DIFFERENCE_MS) ? 'differs' : null;
}

function isOver(ctx: SyncContext, since: Date, ms: number): boolean {
  const age = ctx.clock.now().getTime() - since.getTime();
  return age < 0 || age >= ms; // below zero: the clock was set back
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
