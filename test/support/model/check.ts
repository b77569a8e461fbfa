import type { DuckDBConnection } from '@duckdb/node-api';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { texts, type MirrorContent } from '../oracle.ts';
import type { SyncBench } from '../sync.ts';
import { MODEL_TYPES } from './steps.ts';

// What the mirror answers about a moment: every row that was known then.
const KNOWN = `
  with moment as (select $at::timestamptz as t)
  select 'record', object_type, id, archived::varchar, properties::varchar, updated_at::varchar
  from (from object_versions union all by name select *, null as known_to from objects), moment
  where known_from <= t and (known_to is null or known_to > t)
  union all
  select 'link', from_type || ' ' || from_id, to_type || ' ' || to_id, category, type_id::varchar, coalesce(label, '')
  from (from association_versions union all by name select *, null as known_to from associations), moment
  where known_from <= t and (known_to is null or known_to > t)
  union all
  select 'definition', kind, object_type, id, document::varchar, ''
  from (from definition_versions union all by name select *, null as known_to from definitions), moment
  where known_from <= t and (known_to is null or known_to > t)
  union all
  select 'gone', object_type, id, reason, coalesce(merged_into, ''), ''
  from (from tombstone_versions union all by name select *, null as known_to from tombstones), moment
  where known_from <= t and (known_to is null or known_to > t)`;

/** Everything that the mirror says was known at a moment, as lines in order. */
export function knownAt(bench: SyncBench, at: Date): Promise<string[]> {
  return bench.warehouse.read((db) => texts(db, KNOWN, { at: at.toISOString() }));
}

/** How many rows the tables of closed and of open versions hold. */
export async function versionCount(bench: SyncBench): Promise<string> {
  const counts = await bench.warehouse.read((db) =>
    texts(
      db,
      `select (select count(*) from objects)::varchar, (select count(*) from object_versions)::varchar,
         (select count(*) from associations)::varchar, (select count(*) from association_versions)::varchar,
         (select count(*) from definitions)::varchar, (select count(*) from definition_versions)::varchar,
         (select count(*) from tombstones)::varchar, (select count(*) from tombstone_versions)::varchar`,
    ),
  );
  return counts.join();
}

/** Whether a sweep was cut off and not finished since. */
export async function isSweepUnderWay(bench: SyncBench): Promise<boolean> {
  const types = await bench.warehouse.read((db) =>
    texts(db, 'select object_type from sweeps where started_at is not null'),
  );
  return types.length > 0;
}

/** Types of which the mirror does not say that it agrees with HubSpot. */
export function unreconciled(bench: SyncBench): Promise<string[]> {
  const types = MODEL_TYPES.map((type) => `'${type}'`).join();
  return bench.warehouse.read((db) =>
    texts(
      db,
      `select t.object_type, coalesce(c.state, 'never counted'), coalesce(c.hubspot_total::varchar, ''), coalesce(c.live::varchar, '')
       from (select unnest([${types}]) as object_type) t left join sync_counts c using (object_type)
       where c.state is distinct from 'complete'`,
    ),
  );
}

/** What is wrong with what became of records that the mirror knew and HubSpot no longer has under their id. */
export async function gravestoneFlaws(bench: SyncBench): Promise<string[]> {
  return bench.warehouse.read(async (db) => {
    const known = await texts(
      db,
      'select distinct object_type, id from (select object_type, id from objects union all select object_type, id from object_versions)',
    );
    const stones = await stonesOf(db);
    return known.flatMap((line) => {
      const [type = '', id = ''] = line.split('|');
      return flawOf(bench.fake.state, stones, type, id) ?? [];
    });
  });
}

interface Stone {
  reason: string;
  into: string;
}

async function stonesOf(db: DuckDBConnection): Promise<Map<string, Stone>> {
  const lines = await texts(db, `select object_type, id, reason, coalesce(merged_into, '') from tombstones`);
  return new Map(
    lines.map((line) => {
      const [type = '', id = '', reason = '', into = ''] = line.split('|');
      return [`${type}|${id}`, { reason, into }];
    }),
  );
}

function flawOf(
  state: FakeState,
  stones: ReadonlyMap<string, Stone>,
  type: string,
  id: string,
): string | null {
  const there = state.get(type, id);
  const stone = stones.get(`${type}|${id}`);
  if (there?.id === id)
    return stone === undefined ? null : `${type} ${id} has a gravestone (${stone.reason}) and lives`;
  if (stone === undefined) return `${type} ${id} is gone without a gravestone`;
  // A merged record whose survivor was purged before anybody asked cannot be told from a purged one.
  if (there === undefined) return null;
  if (stone.reason !== 'merged') return `${type} ${id} was merged into ${there.id}, not ${stone.reason}`;
  const end = endOf(stones, type, id);
  return end === there.id ? null : `${type} ${id} leads to ${end}, not to ${there.id}`;
}

function endOf(stones: ReadonlyMap<string, Stone>, type: string, id: string): string {
  let at = id;
  for (
    let stone = stones.get(`${type}|${at}`);
    stone?.reason === 'merged';
    stone = stones.get(`${type}|${at}`)
  )
    at = stone.into;
  return at;
}

/** Every record in the recycle bin, as type and id. */
export function archivedRecords({ fake }: SyncBench): Set<string> {
  return new Set(
    MODEL_TYPES.flatMap((type) => [...fake.state.all(type, true)].map(({ id }) => `${type}|${id}`)),
  );
}

/**
 * What a sync without a sweep must have brought and has not: every record that is there, at its newest, but for what moves no date; and
 * none that was merged into a live one. A record that was restored between two lists of one run is in neither, and has no date either.
 */
export async function missedByDate(
  { fake, warehouse }: SyncBench,
  restoredMeanwhile: ReadonlySet<string>,
): Promise<string[]> {
  const { state } = fake;
  const lines = await warehouse.read((db) =>
    texts(
      db,
      "select object_type, id, archived::varchar, (epoch_ms(updated_at))::varchar, coalesce(properties ->> 'name', ''), coalesce(properties ->> 'tier', '') from objects",
    ),
  );
  const here = new Set(lines);
  const there = MODEL_TYPES.flatMap((type) =>
    [...state.all(type), ...state.all(type, true)]
      .filter(({ id }) => !restoredMeanwhile.has(`${type}|${id}`))
      .map(({ id, archivedAt, updatedAt, properties }) =>
        [
          type,
          id,
          String(archivedAt !== null),
          updatedAt,
          properties['name'] ?? '',
          properties['tier'] ?? '',
        ].join('|'),
      ),
  );
  const merged = lines.filter((line) => {
    const [type = '', id = ''] = line.split('|');
    const survivor = state.get(type, id);
    return survivor !== undefined && survivor.id !== id && survivor.archivedAt === null;
  });
  return [
    ...there.filter((line) => !here.has(line)).map((line) => `misses ${line}`),
    ...merged.map((line) => `still has ${line}, which was merged`),
  ];
}

// What a run closed: records that it marked as being in the recycle bin, merged or purged, be it for a moment, and links.
const CLOSED = `
  with run as (select $since::timestamptz as since)
  select 'record', object_type || '|' || id, 'in the recycle bin'
  from (from object_versions union all by name select *, null as known_to from objects), run
  where archived and known_from >= since
  union all
  select 'record', object_type || '|' || id, reason
  from (from tombstone_versions union all by name select *, null as known_to from tombstones), run
  where known_from >= since
  union all
  select 'link', concat_ws('|', from_type, from_id, to_type, to_id, category, type_id::varchar, coalesce(label, '')), 'closed'
  from association_versions, run
  where known_to >= since`;
const MARKED = `
  select object_type, id, 'in the recycle bin' from objects where archived
  union all
  select object_type, id, reason from tombstones`;

/**
 * What a run that has ended closed wrongly, given all that HubSpot held during it, one after the other: a record that lived all along is not in
 * the bin, merged or purged, and a link that was there all along is open. After a run that came to its end no record that lived all
 * along is still marked from before; one that was cut off may not have come to it.
 */
export async function wrongClosings(
  { warehouse }: SyncBench,
  held: readonly MirrorContent[],
  { since, isWhole }: { since: Date; isWhole: boolean },
): Promise<string[]> {
  const alive = inAll(held.map(({ objects }) => objects.flatMap(liveKey)));
  const links = inAll(held.map((content) => content.links));
  return warehouse.read(async (db) => {
    const closed = (await texts(db, CLOSED, { since: since.toISOString() })).filter((line) => {
      const [kind = '', ...parts] = line.split('|');
      const key = parts.slice(0, -1).join('|');
      return kind === 'link' ? links.has(key) : alive.has(key);
    });
    const marked = isWhole ? await texts(db, MARKED) : [];
    return [...closed, ...marked.filter((line) => alive.has(line.split('|', 2).join('|')))];
  });
}

function liveKey(line: string): string[] {
  const [type, id, state] = line.split('|', 3);
  return state === 'live' ? [`${type}|${id}`] : [];
}

function inAll([first = [], ...others]: readonly (readonly string[])[]): Set<string> {
  const sets = others.map((lines) => new Set(lines));
  return new Set(first.filter((line) => sets.every((set) => set.has(line))));
}
