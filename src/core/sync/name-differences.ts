import { z } from 'zod';
import type { SyncContext } from './context.ts';
import { createEmptyPageGuard } from './list-pages.ts';
import type { TypeRun } from './loader.ts';
import { countType, keepDifferences, type Difference, type Standing } from './reconcile.ts';
import { BATCH, verifyRecords } from './verify.ts';

const SEARCH_PAGE = 200;
/** Of each kind so many are named at most: more would be no list that somebody reads. */
const MOST_NAMED = 1000;

/**
 * Finds out in which records the mirror and HubSpot's search still differ after a sweep, id by id: each is asked for once more, which may
 * settle it, and what is left is kept by name. It walks through the ids of the whole type, so it is for what a sweep could not settle.
 */
export async function nameDifferences(ctx: SyncContext, run: TypeRun): Promise<Standing> {
  const { objectType } = run;
  const there = await searchIds(ctx, objectType);
  const before = await differences(ctx, objectType, there);
  const ids = before.map(({ id }) => id);
  for (let at = 0; at < ids.length; at += BATCH) {
    ctx.signal.throwIfAborted();
    run.onChanged(await verifyRecords(ctx, run, ids.slice(at, at + BATCH)));
  }
  const standing = await countType(ctx, objectType);
  if (standing.state === 'complete') return standing;
  const left = await differences(ctx, objectType, there);
  await keepDifferences(ctx, objectType, left);
  return { ...standing, named: left.length };
}

// Behind the last id of each page, in whatever order search keeps ids.
async function searchIds(ctx: SyncContext, objectType: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const emptyPages = createEmptyPageGuard(objectType);
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
    if (emptyPages.again(page.results.length, page.more)) continue;
    const size = ids.size;
    for (const { id } of page.results) ids.add(id);
    const lastId = page.results.at(-1)?.id ?? null;
    if (lastId === null || ids.size === size) return ids;
    afterId = lastId;
  }
}

async function differences(
  ctx: SyncContext,
  objectType: string,
  there: ReadonlySet<string>,
): Promise<Difference[]> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select id from objects where object_type = $object_type and not archived order by try_cast(id as hugeint), id',
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  const here = rows.map((row) => z.object({ id: z.string() }).parse(row).id);
  const known = new Set(here);
  const missingHere = [...there].filter((id) => !known.has(id)).slice(0, MOST_NAMED);
  const missingThere = here.filter((id) => !there.has(id)).slice(0, MOST_NAMED);
  return [
    ...missingHere.map((id) => ({ id, kind: 'missing_here' as const })),
    ...missingThere.map((id) => ({ id, kind: 'missing_there' as const })),
  ];
}
