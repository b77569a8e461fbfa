import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { CrmObject, SearchPage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { Window } from './ledger.ts';
import { createLoader, type Loader, type TypeRun } from './loader.ts';
import { modifiedProperty } from './object-types.ts';
import { BATCH, verifyRecords } from './verify.ts';

const SEARCH_PAGE = 200;
const MOST_EMPTY_PAGES = 20;
/** Search sees a change only after a while: the cursor stays this far behind the start of the run, and the tail is read again. */
export const INDEX_LAG_MS = 15 * 60_000;

// By search, in the order of modification, without ever sending an offset: an edit moves a record to the end instead of
// shifting a page. Records of the millisecond at which a page ended come again and are skipped by their id.
export async function readModified(
  ctx: SyncContext,
  run: TypeRun,
  modifiedTo: Date,
  window: Window,
): Promise<void> {
  const loader = createLoader(ctx, run, { fromSearch: true });
  const landed = new Set<string>();
  const note = (records: readonly CrmObject[]): void => {
    for (const { id } of records) landed.add(id);
    window.landed(landed.size);
  };
  const end = new Date(run.startedAt.getTime() - INDEX_LAG_MS);
  let from = modifiedTo.getTime();
  let seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, from, null);
    window.total(page.total);
    if (emptyPages.again(page)) continue;
    const fresh = page.results.filter((record) => !seen.has(record.id));
    note(fresh);
    const last = Math.max(from, ...page.results.map((record) => Date.parse(record.updatedAt)));
    const settled = new Date(Math.min(last, end.getTime()));
    await loader.add(fresh, settled.getTime() > modifiedTo.getTime() ? { modifiedTo: settled } : {});
    if (!page.more && page.results.length < SEARCH_PAGE) break;
    const isStuck = page.results.length > 0 && last === from && fresh.length === 0;
    if (isStuck || page.results.every((record) => Date.parse(record.updatedAt) === from)) {
      await readOneMoment(ctx, run, { loader, note }, from);
      from += 1;
      seen = new Set();
      continue;
    }
    if (last !== from) seen = new Set();
    for (const record of page.results) if (Date.parse(record.updatedAt) === last) seen.add(record.id);
    from = last;
  }
  await loader.finish(end.getTime() > modifiedTo.getTime() ? { modifiedTo: end } : {});
  window.upTo(end.getTime() > modifiedTo.getTime() ? end : modifiedTo);
}

/** Asks for the records of which search told something doubtful, also in a run that was cut off. */
export async function verifyDoubtful(ctx: SyncContext, run: TypeRun): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted();
    const ids = await doubtfulIds(ctx, run.objectType);
    if (ids.length === 0) return;
    run.onChanged(
      await verifyRecords(ctx, run, ids, async (db) => {
        await db.run(
          `delete from verify_due where object_type = $object_type and id in (select unnest(from_json($ids, '["VARCHAR"]')))`,
          { object_type: run.objectType, ids: JSON.stringify(ids) },
        );
      }),
    );
  }
}

async function doubtfulIds(ctx: SyncContext, objectType: string): Promise<string[]> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select distinct id from verify_due where object_type = $object_type order by id limit $most',
        { object_type: objectType, most: BATCH },
      )
    ).getRowObjectsJS(),
  );
  return rows.map((row) => z.object({ id: z.string() }).parse(row).id);
}

// More records than a page holds can carry one millisecond (a bulk edit): within it, walk by id. Whether search compares ids as numbers
// or as text is not known, so the walk takes whatever order comes and goes on from the last id of the page.
async function readOneMoment(
  ctx: SyncContext,
  run: TypeRun,
  { loader, note }: { loader: Loader; note: (records: readonly CrmObject[]) => void },
  at: number,
): Promise<void> {
  const seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  let afterId: string | null = null;
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, at, afterId ?? '');
    if (emptyPages.again(page)) continue;
    const fresh = page.results.filter((record) => !seen.has(record.id));
    for (const record of fresh) seen.add(record.id);
    note(fresh);
    await loader.add(fresh, {});
    const lastId = page.results.at(-1)?.id ?? null;
    if (lastId === null || lastId === afterId) return;
    afterId = lastId;
  }
}

// A page without rows that says there is more is asked for again, a bounded number of times.
/** A guard for one walk through search. */
export function createEmptyPageGuard(objectType: string): { again(page: SearchPage): boolean } {
  let met = 0;
  return {
    again: (page) => {
      if (page.results.length > 0 || !page.more) return false;
      met += 1;
      if (met > MOST_EMPTY_PAGES) {
        throw new AppError(
          'upstream',
          `HubSpot keeps answering empty pages of ${objectType}. Nothing is lost; the next sync tries again.`,
        );
      }
      return true;
    },
  };
}

function search(
  ctx: SyncContext,
  run: TypeRun,
  from: number,
  momentAfterId: string | null,
): Promise<SearchPage> {
  const modified = modifiedProperty(run.objectType);
  const inMoment = momentAfterId !== null;
  return ctx.hubspot.search(
    {
      objectType: run.objectType,
      properties: run.properties,
      limit: SEARCH_PAGE,
      filters: [
        { propertyName: modified, operator: inMoment ? 'EQ' : 'GTE', value: String(from) },
        ...(inMoment && momentAfterId !== ''
          ? [{ propertyName: 'hs_object_id', operator: 'GT' as const, value: momentAfterId }]
          : []),
      ],
      sort: { propertyName: inMoment ? 'hs_object_id' : modified, direction: 'ASCENDING' },
    },
    { signal: ctx.signal },
  );
}
