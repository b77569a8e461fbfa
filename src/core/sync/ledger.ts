import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { defineQuery } from '../../warehouse/query.ts';
import type { Tally } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { tallied } from './tally.ts';

/** What the ledger keeps of a run that ended; the rest of it is kept as it is. */
export interface EndedRun {
  run: string;
  finishedAt: string;
  state: string;
  requests: number;
  retries: number;
}

type Ledger = Pick<SyncContext, 'warehouse'>;

const endedRuns = defineQuery({
  file: 'reads/ended_runs.sql',
  params: z.object({}),
  row: z.object({ ended: z.number() }),
});

/** Opens the run's row in the ledger, whose times are the portal's own; a run that was killed keeps one that says `running`. */
export async function startRun(ctx: Ledger, run: string, at: Date): Promise<void> {
  await ctx.warehouse.write((db) =>
    db.run(
      `insert into sync_runs (id, started_at, state, requests, retries) values ($run, $at::timestamptz, 'running', 0, 0)`,
      {
        run,
        at: at.toISOString(),
      },
    ),
  );
}

export async function finishRun(ctx: Ledger, result: EndedRun, at: Date): Promise<void> {
  const windows = takeEnded(ctx.warehouse);
  await ctx.warehouse.write(async (db) => {
    await insertWindows(db, windows);
    await db.run(
      `update sync_runs set finished_at = $at::timestamptz, state = $state, requests = $requests, retries = $retries, result = $result::json
       where id = $run`,
      {
        run: result.run,
        at: at.toISOString(),
        state: result.state,
        requests: result.requests,
        retries: result.retries,
        result: JSON.stringify(result),
      },
    );
  });
}

/** Whether any run has ended, a sync or an import: from then on somebody may have been told what is known. */
export async function hasEndedRun(ctx: Ledger): Promise<boolean> {
  const [row] = await ctx.warehouse.read((db) => endedRuns(db, {}));
  return (row?.ended ?? 0) > 0;
}

/** One thing that a run reads through; said while it is read. */
export interface Window {
  /** how many there are, as HubSpot says; the first word counts */
  total(count: number | null): void;
  /** how many different records have come by now */
  landed(count: number): void;
  /** how many more versions were added or closed */
  versions(count: number): void;
  /** what was asked for it before it was opened */
  cost(before: Tally): void;
  /** up to which modified date all is in now */
  upTo(at: Date): void;
}

/** What a window is of. */
export interface WindowKey {
  run: string;
  objectType: string;
  pass: 'load' | 'changes' | 'bin' | 'sweep' | 'links' | 'history';
  toType?: string;
  /** the modified date from which changes are asked for */
  from?: Date;
}

type Timed = Pick<SyncContext, 'warehouse' | 'clock' | 'hubspot'>;

/** A window that is open: the context whose calls are counted for it, and its end. */
export interface OpenWindow<Ctx> {
  key: WindowKey;
  ctx: Ctx;
  window: Window;
  /** `whole` when all was read; what was cut off keeps no end */
  close(outcome: 'whole' | 'cut off'): Promise<void>;
}

/**
 * Does work as one window of the ledger, with calls that are counted for it alone. What the work throws is thrown; its window stays without
 * an end then, as that of a run that was killed.
 */
export async function inWindow<Ctx extends Timed, T>(
  ctx: Ctx,
  key: WindowKey,
  work: (ctx: Ctx, window: Window) => Promise<T>,
): Promise<T> {
  const [open] = openWindows(ctx, [key]);
  if (open === undefined) throw new RangeError('a window was not opened');
  let result: T;
  try {
    result = await work(open.ctx, open.window);
  } catch (error) {
    await open.close('cut off').catch(() => {}); // the failure that ended the work is the one to tell
    throw error;
  }
  await open.close('whole');
  return result;
}

/** Opens windows of the ledger, one for each key; each is written once it has ended. */
export function openWindows<Ctx extends Timed>(ctx: Ctx, keys: readonly WindowKey[]): OpenWindow<Ctx>[] {
  const startedAt = ctx.clock.now();
  return keys.map((key) => {
    const tally: Tally = { requests: 0, retries: 0 };
    const found: Found = { total: null, landed: 0, versions: 0, to: null };
    return {
      key,
      ctx: { ...ctx, hubspot: tallied(ctx.hubspot, tally) },
      window: {
        total: (count) => (found.total ??= count),
        landed: (count) => (found.landed = count),
        versions: (count) => (found.versions += count),
        cost: (before) => {
          tally.requests += before.requests;
          tally.retries += before.retries;
        },
        upTo: (at) => (found.to = at),
      },
      close: async (outcome) => {
        const now = ctx.clock.now();
        const windows = ended.get(ctx.warehouse) ?? [];
        ended.set(ctx.warehouse, windows);
        windows.push(rowOf(key, { ...found, ...tally }, { startedAt, now, isWhole: outcome === 'whole' }));
        if (now.getTime() - startedAt.getTime() < LONG_MS) return;
        const rows = takeEnded(ctx.warehouse);
        await ctx.warehouse.write((db) => insertWindows(db, rows));
      },
    };
  });
}

/** What took this long is written at once: a run may be killed long after it. The many short ones go in with the end of their run. */
const LONG_MS = 5000;
const ended = new WeakMap<object, WindowRow[]>();

function takeEnded(warehouse: object): WindowRow[] {
  const rows = ended.get(warehouse) ?? [];
  ended.delete(warehouse);
  return rows;
}

interface Found {
  total: number | null;
  landed: number;
  versions: number;
  to: Date | null;
}

type WindowRow = ReturnType<typeof rowOf>;

function rowOf(
  key: WindowKey,
  { total, landed, versions, to, requests, retries }: Found & Tally,
  { startedAt, now, isWhole }: { startedAt: Date; now: Date; isWhole: boolean },
) {
  return {
    ...keyOf(key),
    window_from: key.from?.toISOString() ?? null,
    window_to: to?.toISOString() ?? null,
    started_at: startedAt.toISOString(),
    finished_at: isWhole ? now.toISOString() : null,
    total,
    landed,
    versions,
    requests,
    retries,
    seconds: (now.getTime() - startedAt.getTime()) / 1000,
  };
}

async function insertWindows(db: DuckDBConnection, rows: readonly WindowRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.run(
    `insert into sync_windows by name
     select unnest(from_json($rows, '[{"run": "VARCHAR", "object_type": "VARCHAR", "pass": "VARCHAR", "to_type": "VARCHAR",
       "window_from": "TIMESTAMPTZ", "window_to": "TIMESTAMPTZ", "started_at": "TIMESTAMPTZ", "finished_at": "TIMESTAMPTZ",
       "total": "INTEGER", "landed": "INTEGER", "versions": "INTEGER", "requests": "INTEGER", "retries": "INTEGER",
       "seconds": "DOUBLE"}]'), recursive := true)`,
    { rows: JSON.stringify(rows) },
  );
}

function keyOf({ run, objectType, pass, toType }: WindowKey): {
  run: string;
  object_type: string;
  pass: string;
  to_type: string | null;
} {
  return { run, object_type: objectType, pass, to_type: toType ?? null };
}

/** How many runs keep their windows. */
const KEPT_RUNS = 30;
/** Runs that changed nothing are forgotten after so many days. */
const KEPT_DAYS = 90;

/** Takes out of the ledger what is old: it grows with what happened, not with how often somebody looked. `now` is the portal's own time. */
export async function pruneLedger(ctx: Ledger, now: Date): Promise<void> {
  await ctx.warehouse.write(async (db) => {
    await db.run(
      `delete from sync_windows w
       where run not in (
           select run from (select run, max(started_at) as begun from sync_windows group by run) order by begun desc, run limit $runs)
         and started_at is distinct from (
           select max(started_at) from sync_windows newest
           where newest.object_type = w.object_type and newest.pass = w.pass and newest.to_type is not distinct from w.to_type
             and newest.finished_at is not null)`,
      { runs: KEPT_RUNS },
    );
    await db.run(
      `delete from sync_runs
       where started_at < $before::timestamptz and result is not null
         and id <> (select arg_max(id, started_at) from sync_runs)
         and coalesce(list_sum(cast(result -> '$.types[*].changed' as integer[])), 0) = 0
         and coalesce((result ->> '$.associations.changed')::integer, 0) = 0
         and coalesce((result ->> '$.total.fresh')::integer, 0) = 0
         and coalesce((result ->> '$.total.changed')::integer, 0) = 0`,
      { before: new Date(now.getTime() - KEPT_DAYS * 86_400_000).toISOString() },
    );
  });
}
