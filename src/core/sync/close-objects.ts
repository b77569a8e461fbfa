import type { DuckDBConnection } from '@duckdb/node-api';
import type { SyncContext } from './context.ts';

/** A record that HubSpot no longer has under its id, and what became of it. */
export interface Leaving {
  id: string;
  reason: 'merged' | 'purged';
  /** the record that it lives on in; null when purged */
  mergedInto: string | null;
}

/**
 * Closes records that HubSpot no longer has, with their links: their versions stay, and none is open. What became of each is kept as a
 * tombstone. `also` goes into the same transaction. Answers how many were closed.
 */
export async function closeObjects(
  ctx: SyncContext,
  objectType: string,
  leaving: readonly Leaving[],
  also?: (db: DuckDBConnection) => Promise<void>,
): Promise<number> {
  if (leaving.length === 0) {
    if (also !== undefined) await ctx.warehouse.write(also);
    return 0;
  }
  const closed = await ctx.warehouse.write(async (db) => {
    const rows = leaving.map(({ id, reason, mergedInto }) => ({ id, reason, merged_into: mergedInto }));
    await db.run(
      `create or replace temp table leaving as
       select $object_type as object_type, unnest(from_json($rows, '[{"id": "VARCHAR", "reason": "VARCHAR", "merged_into": "VARCHAR"}]'), recursive := true)`,
      { object_type: objectType, rows: JSON.stringify(rows) },
    );
    const count = await closeLeaving(db, ctx.portalClock.now().toISOString());
    await also?.(db);
    return count;
  });
  ctx.failpoint('objects-closed');
  return closed;
}

// A record that was merged away is named by the one that lives on; asked for, HubSpot answers with the survivor. In a chain each survivor
// names all before it: the one that was not merged itself is where they live on.
const MERGED = `
  create or replace temp table leaving as
  with named as (
    select distinct object_type, id as winner, merged_id as loser
    from merge_due
    where object_type = $object_type
      and id in (select id from objects where object_type = $object_type and not archived)
  )
  select object_type, loser as id, 'merged' as reason, winner as merged_into
  from named
  where loser <> '' and loser <> winner
    and loser in (select id from objects where object_type = $object_type)
  qualify row_number() over (partition by loser order by winner in (select loser from named), try_cast(winner as hugeint) desc) = 1`;

/**
 * Notes, in the transaction that adds the rows of the temporary table `segment` as versions, what they say was merged into them, and those
 * among them that were closed as merged: `closeMerged` looks at these alone, also after a kill.
 */
export const MERGES_DUE = {
  beforeAdding: `
    insert into merge_due
    select t.object_type, t.merged_into, t.id
    from tombstones t semi join segment on segment.object_type = t.object_type and segment.id = t.id
    where t.reason = 'merged'`,
  // Few records have the property: looking for its name in the text is much quicker than reading the properties of all.
  afterAdding: `
    insert into merge_due
    select object_type, id, unnest(string_split(properties ->> 'hs_merged_object_ids', ';'))
    from segment
    where not archived and contains(properties::varchar, '"hs_merged_object_ids"')`,
};
const ALL_MERGES_DUE = `
  insert into merge_due
  select object_type, id, unnest(string_split(properties ->> 'hs_merged_object_ids', ';'))
  from objects
  where object_type = $object_type and not archived and contains(properties::varchar, '"hs_merged_object_ids"')`;

/**
 * Closes what the records of a type say was merged into them: those that were loaded since the last time, or `all`, which reads through the
 * whole type. Answers how many it closed.
 */
export async function closeMerged(
  ctx: SyncContext,
  objectType: string,
  which: 'loaded' | 'all' = 'loaded',
): Promise<number> {
  const type = { object_type: objectType };
  if (which === 'loaded') {
    const due = await ctx.warehouse.read((db) =>
      db.runAndReadAll('from merge_due where object_type = $object_type limit 1', type),
    );
    if (due.currentRowCount === 0) return 0;
  }
  return ctx.warehouse.write(async (db) => {
    if (which === 'all') await db.run(ALL_MERGES_DUE, type);
    await db.run(MERGED, type);
    const closed = await closeLeaving(db, ctx.portalClock.now().toISOString());
    await db.run('delete from merge_due where object_type = $object_type', type);
    return closed;
  });
}

// A version never ends before it began, also when the clock was set back.
async function closeLeaving(db: DuckDBConnection, at: string): Promise<number> {
  if ((await db.runAndReadAll('from leaving limit 1')).currentRowCount === 0) return 0;
  await db.run(
    `insert into tombstones by name
     select leaving.*, greatest($at::timestamptz, objects.known_from) as known_from
     from leaving join objects using (object_type, id)`,
    { at },
  );
  await db.run(
    `insert into object_versions by name
     select objects.*, greatest($at::timestamptz, objects.known_from) as known_to
     from objects semi join leaving using (object_type, id)`,
    { at },
  );
  const closed = await db.run(
    'delete from objects using leaving l where l.object_type = objects.object_type and l.id = objects.id',
  );
  await db.run(
    `create or replace temp table leaving_links as
     select a.* from associations a
     where exists (select 1 from leaving l where l.object_type = a.from_type and l.id = a.from_id)
        or exists (select 1 from leaving l where l.object_type = a.to_type and l.id = a.to_id)`,
  );
  // A merge moves links to the survivor, and no date of the records at their other ends.
  await db.run(
    `insert into association_due
     select distinct links.from_type, links.from_id
     from leaving_links links
     join leaving on leaving.object_type = links.to_type and leaving.id = links.to_id and leaving.reason = 'merged'
     semi join objects on objects.object_type = links.from_type and objects.id = links.from_id and not objects.archived`,
  );
  await db.run(
    `insert into association_versions by name
     select *, greatest($at::timestamptz, known_from) as known_to from leaving_links`,
    { at },
  );
  await db.run(
    `delete from associations a using leaving_links l
     where l.from_type = a.from_type and l.from_id = a.from_id and l.to_type = a.to_type and l.to_id = a.to_id`,
  );
  await db.run(
    'delete from association_due d using leaving l where l.object_type = d.object_type and l.id = d.id',
  );
  await db.run('drop table leaving; drop table leaving_links;');
  return closed.rowsChanged;
}
