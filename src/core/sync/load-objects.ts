import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { CrmObject } from '../hubspot-port.ts';
import { MERGES_DUE } from './close-objects.ts';
import type { SyncContext } from './context.ts';
import { openSegment, type SegmentFile } from './segment.ts';
import { keepSeen } from './sweep-state.ts';

/** Where a type stands after a batch of records, saved with them. Left-out fields stay as they are. */
export interface Place {
  listStartedAt?: Date;
  listedTo?: string;
  modifiedTo?: Date;
  /** of a sweep: the cursor behind the batch, and null at the end of the list; the records of the batch are noted as seen */
  sweptTo?: string | null;
}

/** How a batch of records came, and what else belongs into its transaction. */
export interface LoadOptions {
  /** Search may still show what a record was. Where that differs without a later date, it is noted to be asked for by itself. */
  fromSearch?: boolean;
  also?: (db: DuckDBConnection) => Promise<void>;
}

/** Records of a type on their way into the mirror; they lie in a segment, so that few are in memory. */
export interface Incoming {
  add(records: readonly CrmObject[]): Promise<void>;
  /** what came, in this order */
  ids: readonly string[];
  /** the finished segment; null when nothing came */
  finish(): Promise<SegmentFile | null>;
}

export function collectObjects(ctx: SyncContext, objectType: string): Incoming {
  const segment = openSegment(ctx, objectType);
  const ids: string[] = [];
  return {
    ids,
    add: (records) =>
      segment.add(
        (function* lines() {
          for (const record of records) yield toLine(record, ids.push(record.id));
        })(),
      ),
    finish: async () => (ids.length === 0 ? null : segment.finish()),
  };
}

/**
 * Brings records into the mirror, and the place they stand for, in one transaction. A version is added only where the
 * content differs; an older copy of a record never wins over a newer one. Answers how many versions were added.
 */
export async function loadObjects(
  ctx: SyncContext,
  objectType: string,
  records: readonly CrmObject[],
  place: Place,
  options: LoadOptions = {},
): Promise<number> {
  const incoming = collectObjects(ctx, objectType);
  await incoming.add(records);
  return loadIncoming(ctx, objectType, incoming, place, options);
}

/** The same of records that were collected. */
export async function loadIncoming(
  ctx: SyncContext,
  objectType: string,
  incoming: Incoming,
  place: Place,
  { fromSearch = false, also = () => Promise.resolve() }: LoadOptions = {},
): Promise<number> {
  const segment = await incoming.finish();
  const at = ctx.portalClock.now().toISOString();
  const changed = await ctx.warehouse.write(async (db) => {
    const versions = segment === null ? 0 : await loadSegment(db, objectType, { ...segment, at, fromSearch });
    await savePlace(db, objectType, place);
    if (place.sweptTo !== undefined) {
      await keepSeen(db, objectType, incoming.ids, place.sweptTo);
      ctx.failpoint('sweep-loaded');
    }
    await also(db);
    ctx.failpoint('segment-loaded');
    return versions;
  });
  ctx.failpoint('segment-committed');
  if (place.sweptTo !== undefined) ctx.failpoint('sweep-committed');
  if (segment !== null) await rm(segment.file, { force: true });
  return changed;
}

// A record as one line. Names in order and empty values left out, so that equal content gives equal text.
function toLine(record: CrmObject, seq: number): string {
  const properties: Record<string, string> = {};
  for (const name of Object.keys(record.properties).toSorted()) {
    const value = record.properties[name];
    if (value !== null && value !== undefined) properties[name] = value;
  }
  const { id, createdAt, updatedAt, archived, archivedAt } = record;
  return JSON.stringify({
    id,
    created_at: createdAt,
    updated_at: updatedAt,
    archived,
    archived_at: archivedAt,
    seq,
    properties,
  });
}

// A clock that was set back must not let two versions hold at once: the next one begins where the last began at the earliest, and one
// that came back not before it was learned to be gone.
const STAGE = `
  create or replace temp table segment as
  with known as (
    select id, known_from from objects where object_type = $object_type
    union all
    select id, known_from from tombstones where object_type = $object_type
  )
  select
    $object_type as object_type, incoming.id, greatest($at::timestamptz, known.known_from) as known_from,
    created_at::timestamptz as created_at, updated_at::timestamptz as updated_at,
    archived, archived_at::timestamptz as archived_at, properties,
    md5(concat_ws('|', properties::varchar, archived, archived_at)) as content_hash
  from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {
    id: 'VARCHAR', created_at: 'VARCHAR', updated_at: 'VARCHAR', archived: 'BOOLEAN', archived_at: 'VARCHAR',
    seq: 'INTEGER', properties: 'JSON'}) incoming
  left join known using (id)
  qualify row_number() over (partition by incoming.id order by updated_at::timestamptz desc, seq desc) = 1`;

// A small delete and insert beats MERGE and keys many times over, and none of the engine's key defects can touch it.
const KEEP_CHANGED = `
  delete from segment using objects
  where objects.object_type = $object_type and objects.id = segment.id
    and (objects.content_hash = segment.content_hash or objects.updated_at > segment.updated_at)`;
const CLOSE = `
  insert into object_versions by name
  select objects.*, segment.known_from as known_to from objects
  join segment on segment.id = objects.id
  where objects.object_type = $object_type`;
const REMOVE = `delete from objects where object_type = $object_type and id in (select id from segment)`;
const ADD = `insert into objects by name select * from segment`;
const RAISE = `
  insert into tombstone_versions by name
  select tombstones.*, greatest(segment.known_from, tombstones.known_from) as known_to
  from tombstones join segment on segment.object_type = tombstones.object_type and segment.id = tombstones.id`;
const TAKE_STONES = `
  delete from tombstones using segment
  where segment.object_type = tombstones.object_type and segment.id = tombstones.id`;
// What search shows of a record that changed without a later date, or of one that is gone, may be older than what is known.
const DOUBT = `
  create or replace temp table doubtful as
  select segment.id from segment
  join objects on objects.object_type = $object_type and objects.id = segment.id
  where objects.updated_at = segment.updated_at and objects.content_hash <> segment.content_hash
  union
  select segment.id from segment
  join tombstones on tombstones.object_type = $object_type and tombstones.id = segment.id`;
const SET_ASIDE = `
  insert into verify_due
  select $object_type, id from doubtful
  where id not in (select id from verify_due where object_type = $object_type)`;
const DUE = `insert into association_due select object_type, id from segment where not archived`;

async function loadSegment(
  db: DuckDBConnection,
  objectType: string,
  { file, size, at, fromSearch }: SegmentFile & { at: string; fromSearch: boolean },
): Promise<number> {
  const type = { object_type: objectType };
  await db.run(STAGE, { ...type, at, file, size });
  if (fromSearch) await setAside(db, objectType);
  await db.run(MERGES_DUE.beforeAdding);
  const added = await addVersions(db, objectType);
  await db.run(MERGES_DUE.afterAdding);
  await db.run(DUE);
  await db.run('drop table segment');
  return added;
}

async function setAside(db: DuckDBConnection, objectType: string): Promise<void> {
  await db.run(DOUBT, { object_type: objectType });
  await db.run(SET_ASIDE, { object_type: objectType });
  await db.run('delete from segment where id in (select id from doubtful)');
  await db.run('drop table doubtful');
}

/**
 * Adds the rows of the temporary table `segment` to the mirror as versions, where their content differs; what stays in the table is what
 * was added. Answers how many. An id may be in it once.
 */
export async function addVersions(db: DuckDBConnection, objectType: string): Promise<number> {
  const type = { object_type: objectType };
  await db.run(KEEP_CHANGED, type);
  await db.run(CLOSE, type);
  await db.run(REMOVE, type);
  const added = (await db.run(ADD)).rowsChanged;
  await db.run(RAISE);
  await db.run(TAKE_STONES);
  return added;
}

async function savePlace(db: DuckDBConnection, objectType: string, place: Place): Promise<void> {
  if (place.listStartedAt === undefined && place.listedTo === undefined && place.modifiedTo === undefined)
    return;
  const values = {
    object_type: objectType,
    list_started_at: place.listStartedAt?.toISOString() ?? null,
    listed_to: place.listedTo ?? null,
    modified_to: place.modifiedTo?.toISOString() ?? null,
  };
  const { rowsChanged } = await db.run(
    `update sync_state
     set list_started_at = coalesce($list_started_at::timestamptz, list_started_at),
       listed_to = coalesce($listed_to::varchar, listed_to),
       modified_to = coalesce($modified_to::timestamptz, modified_to)
     where object_type = $object_type`,
    values,
  );
  if (rowsChanged > 0) return;
  await db.run(
    `insert into sync_state by name
     select $object_type as object_type, $list_started_at::timestamptz as list_started_at, $listed_to::varchar as listed_to,
       $modified_to::timestamptz as modified_to`,
    values,
  );
}

/** Where a type stands; null before its first page. */
export async function readPlace(
  ctx: SyncContext,
  objectType: string,
): Promise<{ listStartedAt: Date | null; listedTo: string | null; modifiedTo: Date | null } | null> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select epoch_ms(list_started_at)::double as list_started_at, listed_to, epoch_ms(modified_to)::double as modified_to
         from sync_state where object_type = $object_type`,
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  const [row] = rows;
  if (row === undefined) return null;
  const date = (value: unknown): Date | null => (typeof value === 'number' ? new Date(value) : null);
  return {
    listStartedAt: date(row['list_started_at']),
    listedTo: typeof row['listed_to'] === 'string' ? row['listed_to'] : null,
    modifiedTo: date(row['modified_to']),
  };
}

const Loaded = z.object({ object_type: z.string() });

/** The types whose first load is done. */
export async function loadedTypes(ctx: Pick<SyncContext, 'warehouse'>): Promise<Set<string>> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll('select object_type from sync_state where modified_to is not null')
    ).getRowObjectsJS(),
  );
  return new Set(rows.map((row) => Loaded.parse(row).object_type));
}
