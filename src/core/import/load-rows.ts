import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { addVersions } from '../sync/load-objects.ts';
import { writeSegment } from '../sync/segment.ts';
import type { ImportContext } from './context.ts';

export interface LoadedCounts {
  fresh: number;
  changed: number;
  unchanged: number;
}

/** A row on its way into the mirror, as a line of JSON: id, recorded_at, properties. Ids are unique within a batch. */
export type RowLine = string;

// A row is known from the import on. Only the first one of a portal may reach back to when a row was recorded: nobody was told anything
// before it. Later on a row that was recorded earlier, or a change of one, would alter an answer that was given.
const STAGE = `
  create or replace temp table segment as
  with known as (select id, known_from from objects where object_type = $object_type),
  incoming as (
    select
      id,
      properties,
      least(recorded_at::timestamptz, $at::timestamptz) as recorded,
      if($reaches_back, recorded, $at::timestamptz) as learned
    from read_json($file, format = 'newline_delimited', maximum_object_size = $size,
      columns = {id: 'VARCHAR', recorded_at: 'VARCHAR', properties: 'JSON'})
  )
  select
    $object_type as object_type, incoming.id,
    case
      when known.known_from is null or incoming.learned > known.known_from then incoming.learned
      else greatest($at::timestamptz, known.known_from)
    end as known_from,
    incoming.recorded as created_at, $at::timestamptz as updated_at, false as archived,
    null::timestamptz as archived_at, incoming.properties,
    md5(concat_ws('|', incoming.properties::varchar, false, null::timestamptz)) as content_hash
  from incoming
  left join known using (id)`;

const COUNT_FRESH = `
  select count(*)::integer as fresh from segment
  anti join (select id from objects where object_type = $object_type) known using (id)`;

/** Brings a batch of rows (lines of JSON, some in each text) into the mirror in one transaction: a version is added only where the content differs. */
export async function loadRows(
  ctx: ImportContext,
  objectType: string,
  batch: { texts: readonly string[]; rows: number },
  run: { at: Date; reachesBack: boolean },
): Promise<LoadedCounts> {
  const { file, size } = await writeSegment(ctx, objectType, batch.texts);
  const counts = await ctx.warehouse.write(async (db) => {
    await db.run(STAGE, {
      object_type: objectType,
      at: run.at.toISOString(),
      reaches_back: run.reachesBack,
      file,
      size,
    });
    const fresh = await countFresh(db, objectType);
    const added = await addVersions(db, objectType);
    await db.run('drop table segment');
    ctx.failpoint('segment-loaded');
    return { fresh, changed: added - fresh, unchanged: batch.rows - added };
  });
  ctx.failpoint('segment-committed');
  await rm(file, { force: true });
  return counts;
}

async function countFresh(db: DuckDBConnection, objectType: string): Promise<number> {
  const reader = await db.runAndReadAll(COUNT_FRESH, { object_type: objectType });
  return Number(reader.getRowObjectsJS()[0]?.['fresh'] ?? 0);
}
