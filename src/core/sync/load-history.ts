import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { prepareByUs } from '../../warehouse/by-us.ts';
import type { CrmObject } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { writeSegment } from './segment.ts';
import { openWorkList } from './work-list.ts';

/** A record whose property history is to be read, with the content for which it will then have been read. */
export interface HistoryDue {
  id: string;
  contentHash: string;
}

const STAGE = `
  create or replace temp table told as
  select distinct on (id, property, valid_from, value) id, property, valid_from, value, source_type, source_id,
    is_by_us(source_id, $app_id::varchar) as by_us
  from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {
    id: 'VARCHAR', property: 'VARCHAR', valid_from: 'TIMESTAMPTZ', value: 'VARCHAR', source_type: 'VARCHAR', source_id: 'VARCHAR',
    content_hash: 'VARCHAR'})
  where property is not null`;
const ADD = `
  insert into property_versions by name
  select $object_type as object_type, told.*, $at::timestamptz as known_from
  from told
  where not exists (
    from property_versions known
    where known.object_type = $object_type and known.id = told.id and known.property = told.property
      and known.valid_from = told.valid_from and known.value is not distinct from told.value
  )`;
// A line without a property says that a record was read.
const READ = `
  create or replace temp table read_now as
  select id, content_hash
  from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {
    id: 'VARCHAR', property: 'VARCHAR', content_hash: 'VARCHAR'})
  where property is null`;

/**
 * Adds what HubSpot told of the properties of some records, and notes these as read, in one transaction. What is known already is not added
 * again, and nothing is ever taken away. Answers how many values were new.
 */
export async function loadHistory(
  ctx: SyncContext,
  objectType: string,
  names: readonly string[],
  read: readonly { due: HistoryDue; record: CrmObject }[],
): Promise<number> {
  const { file, size } = await writeSegment(
    ctx,
    `history-${objectType}`,
    read.flatMap(({ due, record }) => linesOf(due, record)),
  );
  const type = { object_type: objectType };
  const added = await ctx.warehouse.write(async (db) => {
    await prepareByUs(db);
    await db.run(STAGE, { file, size, app_id: ctx.appId });
    const { rowsChanged } = await db.run(ADD, { ...type, at: ctx.portalClock.now().toISOString() });
    await db.run(READ, { file, size });
    await db.run(
      'delete from property_history_read where object_type = $object_type and id in (select id from read_now)',
      type,
    );
    await db.run(
      `insert into property_history_read by name
       select $object_type as object_type, id, content_hash, $names_hash as names_hash from read_now`,
      { ...type, names_hash: hashOf(names) },
    );
    await db.run('drop table told; drop table read_now;');
    return rowsChanged;
  });
  ctx.failpoint('history-committed');
  await rm(file, { force: true });
  return added;
}

function linesOf({ id, contentHash }: HistoryDue, record: CrmObject): string[] {
  const versions = Object.entries(record.propertiesWithHistory ?? {}).flatMap(([property, list]) =>
    list.map(({ value, timestamp, sourceType, sourceId }) =>
      JSON.stringify({
        id,
        property,
        valid_from: timestamp,
        value: value === '' ? null : value,
        source_type: sourceType,
        source_id: sourceId,
      }),
    ),
  );
  return [JSON.stringify({ id, content_hash: contentHash }), ...versions];
}

const Due = z
  .object({ id: z.string(), content_hash: z.string() })
  .transform(({ id, content_hash: contentHash }): HistoryDue => ({ id, contentHash }));

/**
 * Lists the live records that have changed since their history was read, or whose history was read with other names. Answers what hands out the
 * next of them.
 */
export async function historyDue(
  ctx: SyncContext,
  objectType: string,
  names: readonly string[],
): Promise<(limit: number) => Promise<HistoryDue[]>> {
  const take = await openWorkList(
    ctx,
    `history of ${objectType}`,
    `select id, content_hash from objects o
     where object_type = $object_type and not archived
       and not exists (
         from property_history_read r
         where r.object_type = $object_type and r.id = o.id and r.content_hash = o.content_hash and r.names_hash = $names_hash)`,
    { object_type: objectType, names_hash: hashOf(names) },
  );
  return async (limit) => Due.array().parse(await take(limit));
}

function hashOf(names: readonly string[]): string {
  return createHash('md5').update(names.toSorted().join('\n')).digest('hex');
}
