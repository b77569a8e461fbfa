import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { SyncContext } from './context.ts';

/** Where the sweeps of a type stand. Moments are of the computer's clock. */
export interface SweepState {
  /** since when every record of the type has been read whole: the beginning of the last whole sweep, or the end of the first load */
  finishedAt: Date | null;
  /** when the links of all its records were last put on the list of those to read */
  linksAt: Date | null;
  /** the names with which every record was read since */
  properties: readonly string[];
  /** the sweep under way */
  startedAt: Date | null;
  listedTo: string | null;
  isListed: boolean;
  /** the names with which everything was read that the sweep, or first load, under way has brought; null before it */
  reading: readonly string[] | null;
  /** when a sweep ended that left the counts different; null once they were equal since */
  unsettledAt: Date | null;
}

const NONE: SweepState = {
  finishedAt: null,
  linksAt: null,
  properties: [],
  startedAt: null,
  listedTo: null,
  isListed: false,
  reading: null,
  unsettledAt: null,
};

const moment = z
  .number()
  .nullable()
  .transform((ms) => (ms === null ? null : new Date(ms)));
const names = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : z.array(z.string()).parse(JSON.parse(text))));
const Row = z.object({
  object_type: z.string(),
  finished_at: moment,
  links_at: moment,
  properties: names,
  started_at: moment,
  listed_to: z.string().nullable(),
  is_listed: z.boolean(),
  reading: names,
  unsettled_at: moment,
});
const SELECT = `
  select object_type, epoch_ms(finished_at)::double as finished_at, epoch_ms(links_at)::double as links_at, properties::varchar as properties,
    epoch_ms(started_at)::double as started_at, listed_to, is_listed, reading::varchar as reading,
    epoch_ms(unsettled_at)::double as unsettled_at
  from sweeps where $object_type::varchar is null or object_type = $object_type::varchar`;

/** Where the sweeps of a type stand; a type that never had one stands at the beginning. */
export function readSweep(ctx: Pick<SyncContext, 'warehouse'>, objectType: string): Promise<SweepState> {
  return ctx.warehouse.read((db) => select(db, objectType));
}

/** Where the sweeps of all types stand. */
export async function readSweeps(
  ctx: Pick<SyncContext, 'warehouse'>,
): Promise<(objectType: string) => SweepState> {
  const rows = await ctx.warehouse.read(async (db) =>
    (await db.runAndReadAll(SELECT, { object_type: null })).getRowObjectsJS(),
  );
  const states = new Map(rows.map((row) => [Row.parse(row).object_type, toState(row)]));
  return (objectType) => states.get(objectType) ?? NONE;
}

/** Changes where the sweeps of a type stand, in the transaction of the connection that is lent. */
export async function changeSweep(
  db: DuckDBConnection,
  objectType: string,
  change: (state: SweepState) => Partial<SweepState>,
): Promise<void> {
  const before = await select(db, objectType);
  const after = { ...before, ...change(before) };
  await db.run('delete from sweeps where object_type = $object_type', { object_type: objectType });
  await db.run(
    `insert into sweeps by name select $object_type as object_type, $finished_at::timestamptz as finished_at,
       $links_at::timestamptz as links_at, $properties::json as properties, $started_at::timestamptz as started_at,
       $listed_to::varchar as listed_to, $is_listed::boolean as is_listed, $reading::json as reading,
       $unsettled_at::timestamptz as unsettled_at`,
    {
      object_type: objectType,
      finished_at: after.finishedAt?.toISOString() ?? null,
      links_at: after.linksAt?.toISOString() ?? null,
      properties: JSON.stringify(after.properties),
      started_at: after.startedAt?.toISOString() ?? null,
      listed_to: after.listedTo,
      is_listed: after.isListed,
      reading: after.reading === null ? null : JSON.stringify(after.reading),
      unsettled_at: after.unsettledAt?.toISOString() ?? null,
    },
  );
}

async function select(db: DuckDBConnection, objectType: string): Promise<SweepState> {
  const [row] = (await db.runAndReadAll(SELECT, { object_type: objectType })).getRowObjectsJS();
  return row === undefined ? NONE : toState(row);
}

function toState(row: unknown): SweepState {
  const { finished_at, links_at, properties, started_at, listed_to, is_listed, reading, unsettled_at } =
    Row.parse(row);
  return {
    finishedAt: finished_at,
    linksAt: links_at,
    properties: properties ?? [],
    startedAt: started_at,
    listedTo: listed_to,
    isListed: is_listed,
    reading,
    unsettledAt: unsettled_at,
  };
}

/**
 * Notes with which names a sweep or a first load reads on: what it has brought so far was read with those that it has had all along, and a
 * name that came in between is missing on some of it.
 */
export async function noteReading(
  ctx: Pick<SyncContext, 'warehouse'>,
  objectType: string,
  properties: readonly string[],
  more: Partial<SweepState> = {},
): Promise<void> {
  await ctx.warehouse.write((db) =>
    changeSweep(db, objectType, ({ reading }) => ({
      ...more,
      reading: reading === null ? properties : common(reading, properties),
    })),
  );
}

/** Takes names that a run reads without off those with which every record was read: whatever changes now lacks them. */
export async function noteMissingNames(
  ctx: Pick<SyncContext, 'warehouse'>,
  types: readonly { objectType: string; properties: readonly string[] }[],
): Promise<void> {
  const stateOf = await readSweeps(ctx);
  for (const { objectType, properties } of types) {
    const known = stateOf(objectType).properties;
    const kept = common(known, properties);
    if (kept.length < known.length)
      await ctx.warehouse.write((db) => changeSweep(db, objectType, () => ({ properties: kept })));
  }
}

/** What stands when every record has been read whole, and its links are on the list: none was read before the sweep began. */
export function wholeAt(now: Date): (state: SweepState) => Partial<SweepState> {
  return ({ reading, properties, startedAt }) => ({
    finishedAt: startedAt ?? now,
    linksAt: now,
    properties: reading ?? properties,
    startedAt: null,
    listedTo: null,
    isListed: false,
    reading: null,
  });
}

/** Notes records as found by the sweep under way, and its cursor; null says that the list has come to its end. */
export async function keepSeen(
  db: DuckDBConnection,
  objectType: string,
  ids: readonly string[],
  listedTo: string | null,
): Promise<void> {
  await noteSeen(db, objectType, ids);
  await db.run(
    `update sweeps set listed_to = coalesce($listed_to::varchar, listed_to), is_listed = $listed_to::varchar is null
     where object_type = $object_type`,
    { object_type: objectType, listed_to: listedTo },
  );
}

export async function noteSeen(
  db: DuckDBConnection,
  objectType: string,
  ids: readonly string[],
): Promise<void> {
  await db.run(
    `insert into sweep_seen by name select $object_type as object_type, unnest(from_json($ids, '["VARCHAR"]')) as id`,
    { object_type: objectType, ids: JSON.stringify(ids) },
  );
}

function common(one: readonly string[], other: readonly string[]): string[] {
  const names = new Set(other);
  return one.filter((name) => names.has(name));
}
