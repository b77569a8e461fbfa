import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { SyncContext } from './context.ts';
import { createEmptyPages } from './list-pages.ts';
import type { TypeRun } from './loader.ts';
import { countType, keepDifferences, type Difference, type Standing } from './reconcile.ts';
import { BATCH, verifyRecords } from './verify.ts';
import { workTable } from './work-list.ts';

const SEARCH_PAGE = 200;
/** So many ids of search are brought to the others at once. */
const SEGMENT_IDS = 10_000;
/** Of each kind so many are named at most: more would be no list that somebody reads. */
const MOST_NAMED = 1000;

/**
 * Finds out in which records the mirror and HubSpot's search still differ after a sweep, id by id: each is asked for once more, which may
 * settle it, and what is left is kept by name. It walks through the ids of the whole type, so it is for what a sweep could not settle.
 */
export async function nameDifferences(ctx: SyncContext, run: TypeRun): Promise<Standing> {
  const { objectType } = run;
  const table = workTable(`ids of ${objectType} in search`);
  const alone = <T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T> => ctx.warehouse.alone(work);
  await alone((db) => db.run(`create or replace temp table ${table} (id varchar not null)`));
  try {
    await searchIds(ctx, objectType, (ids) =>
      alone((db) =>
        db.run(`insert into ${table} select unnest(from_json($ids, '["VARCHAR"]'))`, {
          ids: JSON.stringify(ids),
        }),
      ),
    );
    const ids = (await alone((db) => differences(db, objectType, table))).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += BATCH) {
      ctx.signal.throwIfAborted();
      run.onChanged(await verifyRecords(ctx, run, ids.slice(at, at + BATCH)));
    }
    const standing = await countType(ctx, objectType);
    if (standing.state === 'complete') return standing;
    const left = await alone((db) => differences(db, objectType, table));
    await keepDifferences(ctx, objectType, left);
    return { ...standing, named: left.length };
  } finally {
    await alone((db) => db.run(`drop table if exists ${table}`));
  }
}

// Behind the last id of each page, in whatever order search keeps ids: whichever way it compares them, that one moves on with every page.
async function searchIds(
  ctx: SyncContext,
  objectType: string,
  take: (ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const emptyPages = createEmptyPages(objectType);
  let ids: string[] = [];
  let afterId: string | null = null;
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await ctx.hubspot.search(
      {
        objectType,
        properties: [],
        limit: SEARCH_PAGE,
        filters: afterId === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: afterId }],
        sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
      },
      { signal: ctx.signal },
    );
    if (emptyPages.askAgain(page.results.length, page.more)) continue;
    for (const { id } of page.results) ids.push(id);
    const lastId = page.results.at(-1)?.id ?? null;
    const isOver = lastId === null || lastId === afterId;
    if (ids.length >= SEGMENT_IDS || isOver) {
      await take(ids);
      ids = [];
    }
    if (isOver) return;
    afterId = lastId;
  }
}

const Differences = z.array(z.object({ id: z.string(), kind: z.enum(['missing_here', 'missing_there']) }));

async function differences(db: DuckDBConnection, objectType: string, table: string): Promise<Difference[]> {
  const rows = await db.runAndReadAll(
    `with
       here as (select id from objects where object_type = $object_type and not archived),
       either as (
         select distinct id, 'missing_here' as kind from ${table} anti join here using (id)
         union all
         select id, 'missing_there' from here anti join ${table} using (id)
       )
     from either
     qualify row_number() over (partition by kind order by try_cast(id as hugeint), id) <= $most
     order by kind, try_cast(id as hugeint), id`,
    { object_type: objectType, most: MOST_NAMED },
  );
  return Differences.parse(rows.getRowObjectsJS());
}
