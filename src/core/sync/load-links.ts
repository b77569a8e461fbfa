import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { AssociationRow } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { writeSegment } from './segment.ts';
import { noteSkipped, type Skipped } from './skipped-links.ts';
import { openIdList } from './work-list.ts';

export interface LinkBatch {
  fromType: string;
  toType: string;
  /** whose links were read; ids HubSpot refused are not among them, so what we knew of them stays */
  ids: readonly string[];
  rows: readonly AssociationRow[];
}

const ByType = z.array(z.object({ to_type: z.string(), gone: z.number(), fresh: z.number() }));

const STAGE = `
  create or replace temp table told as
  from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {
    from_type: 'VARCHAR', from_id: 'VARCHAR', to_type: 'VARCHAR', to_id: 'VARCHAR', category: 'VARCHAR', type_id: 'INTEGER', label: 'VARCHAR'})`;
const LINKS = `
  create or replace temp table links as
  select distinct from_type, from_id, to_type, to_id, category, type_id, label from told where to_id is not null`;
// Category, number and label are all part of what a link is; a link that differs in one of them is another link.
const GONE = `
  create or replace temp table gone as
  select a.* from associations a
  semi join (from told where to_id is null) read using (from_type, from_id, to_type)
  anti join links l on l.from_type = a.from_type and l.from_id = a.from_id and l.to_type = a.to_type and l.to_id = a.to_id
    and l.category = a.category and l.type_id = a.type_id and l.label is not distinct from a.label`;
const CLOSE = `insert into association_versions by name select *, greatest($at::timestamptz, known_from) as known_to from gone`;
const REMOVE = `
  delete from associations a using gone g
  where g.from_type = a.from_type and g.from_id = a.from_id and g.to_type = a.to_type and g.to_id = a.to_id
    and g.category = a.category and g.type_id = a.type_id and g.label is not distinct from a.label`;
// A clock that was set back must not let a link that comes again hold while it still held: it begins at its last end at the earliest.
const FRESH = `
  create or replace temp table fresh_links as
  select l.*, greatest($at::timestamptz, last.known_to) as known_from from links l
  anti join associations a on l.from_type = a.from_type and l.from_id = a.from_id and l.to_type = a.to_type and l.to_id = a.to_id
    and l.category = a.category and l.type_id = a.type_id and l.label is not distinct from a.label
  left join (
    select from_type, from_id, to_type, to_id, category, type_id, label, max(known_to) as known_to
    from association_versions semi join links using (from_type, from_id, to_type, to_id) group by all
  ) last on l.from_type = last.from_type and l.from_id = last.from_id and l.to_type = last.to_type and l.to_id = last.to_id
    and l.category = last.category and l.type_id = last.type_id and l.label is not distinct from last.label`;
const ADD = `insert into associations by name from fresh_links`;
const BY_TYPE = `
  select to_type, count(*) filter (is_gone)::integer as gone, count(*) filter (not is_gone)::integer as fresh
  from (from gone select to_type, true as is_gone union all from fresh_links select to_type, false)
  group by to_type`;
// A line without a target type says that a record is done with.
const DONE = `delete from association_due where object_type = $object_type and id in (select from_id from told where to_type is null)`;

/**
 * Brings the links of some records of one type into the mirror: new ones open, vanished ones close, equal ones stay; and takes the records
 * off the list of those that are due: those named done, or all that were read. Types to which their links could not be read are noted as
 * skipped. One transaction. Answers how many links opened or closed; `onChanged` is told how many to each type.
 */
export async function loadLinks(
  ctx: SyncContext,
  objectType: string,
  batches: readonly LinkBatch[],
  done: readonly string[] = batches.flatMap((batch) => batch.ids),
  skipped: readonly Skipped[] = [],
  onChanged: (toType: string, count: number) => void = () => {},
): Promise<number> {
  const { file, size } = await writeSegment(ctx, `links-${objectType}`, linesOf(objectType, batches, done));
  const at = ctx.portalClock.now().toISOString();
  const byType = await ctx.warehouse.write(async (db) => {
    await db.run(STAGE, { file, size });
    await db.run(LINKS);
    await db.run(GONE);
    await db.run(FRESH, { at });
    const counted = ByType.parse((await db.runAndReadAll(BY_TYPE)).getRowObjectsJS());
    if (counted.some(({ gone }) => gone > 0)) {
      await db.run(CLOSE, { at });
      await db.run(REMOVE);
    }
    if (counted.some(({ fresh }) => fresh > 0)) await db.run(ADD);
    await db.run(DONE, { object_type: objectType });
    await noteSkipped(db, objectType, skipped);
    await db.run('drop table told; drop table links; drop table gone; drop table fresh_links;');
    ctx.failpoint('links-loaded');
    return counted;
  });
  ctx.failpoint('links-committed');
  await rm(file, { force: true });
  for (const { to_type, gone, fresh } of byType) onChanged(to_type, gone + fresh);
  return byType.reduce((sum, { gone, fresh }) => sum + gone + fresh, 0);
}

// A line for each link, one without a target for each record that was read, so that "no links" is known too, and one without a target type for
// each record that is done with.
function* linesOf(
  objectType: string,
  batches: readonly LinkBatch[],
  done: readonly string[],
): Iterable<string> {
  for (const { fromType, toType, ids, rows } of batches) {
    for (const id of ids) yield JSON.stringify({ from_type: fromType, from_id: id, to_type: toType });
    for (const { fromId, toId, category, typeId, label } of rows)
      yield JSON.stringify({
        from_type: fromType,
        from_id: fromId,
        to_type: toType,
        to_id: toId,
        category,
        type_id: typeId,
        label,
      });
  }
  for (const id of done) yield JSON.stringify({ from_type: objectType, from_id: id });
}

/** Lists the records whose links are to be read. Answers what hands out the next of them, each once, whether or not its links could be read. */
export function dueIds(ctx: SyncContext, objectType: string): Promise<(limit: number) => Promise<string[]>> {
  return openIdList(
    ctx,
    `links of ${objectType}`,
    'select distinct id from association_due where object_type = $object_type',
    { object_type: objectType },
  );
}

/** How many records wait, per type. */
export async function countDue(ctx: SyncContext): Promise<Map<string, number>> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select object_type, count(distinct id)::integer as n from association_due group by object_type',
      )
    ).getRowObjectsJS(),
  );
  const counts = z.array(z.object({ object_type: z.string(), n: z.number() })).parse(rows);
  return new Map(counts.map((row) => [row.object_type, row.n]));
}
