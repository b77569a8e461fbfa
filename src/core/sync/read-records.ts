import { AppError } from '../errors.ts';
import type { CrmObject, SearchPage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { archivedIds, closeMerged, closeObjects } from './close-objects.ts';
import { loadObjects, readPlace, type Place } from './load-objects.ts';
import { modifiedProperty } from './object-types.ts';

/** A segment is this many records at most: what a kill can make us read again. */
const SEGMENT_RECORDS = 2000;
const SEARCH_PAGE = 200;
/** HubSpot's most ids in one batch read. */
const BATCH = 100;
const MOST_EMPTY_PAGES = 20;
/** Search sees a change only after a while: the cursor stays this far behind the start of the run, and the tail is read again. */
export const INDEX_LAG_MS = 15 * 60_000;

export interface TypeRun {
  objectType: string;
  properties: readonly string[];
  /** the start of this run */
  startedAt: Date;
  onRead(count: number): void;
  onChanged(count: number): void;
}

/** Reads one type: all of it the first time, then what was modified since, and each time what lies in the recycle bin. */
export async function readType(ctx: SyncContext, run: TypeRun): Promise<void> {
  const place = await readPlace(ctx, run.objectType);
  if (place === null || place.modifiedTo === null)
    await firstLoad(ctx, run, place?.listedTo ?? null, place?.listStartedAt ?? run.startedAt);
  else await readModified(ctx, run, place.modifiedTo);
  await readArchived(ctx, run);
  const merged = await closeMerged(ctx, run.objectType);
  if (merged > 0) run.onChanged(merged);
}

// By the list, whose cursor is an id: edits cannot move a record past it. What is edited meanwhile is modified after the
// first load began, so the next increment, which starts before that moment, brings it.
async function firstLoad(
  ctx: SyncContext,
  run: TypeRun,
  listedTo: string | null,
  listStartedAt: Date,
): Promise<void> {
  const loader = createLoader(ctx, run);
  let after = listedTo;
  do {
    ctx.signal.throwIfAborted();
    const page = await ctx.hubspot.list(
      { objectType: run.objectType, properties: run.properties, ...(after === null ? {} : { after }) },
      { signal: ctx.signal },
    );
    ({ after } = page);
    await loader.add(page.results, after === null ? { listStartedAt } : { listStartedAt, listedTo: after });
  } while (after !== null);
  await loader.finish({ listStartedAt, modifiedTo: new Date(listStartedAt.getTime() - INDEX_LAG_MS) });
}

async function readArchived(ctx: SyncContext, run: TypeRun): Promise<void> {
  const loader = createLoader(ctx, run);
  const inBin = new Set<string>();
  let after: string | null = null;
  do {
    ctx.signal.throwIfAborted();
    const page: { results: CrmObject[]; after: string | null } = await ctx.hubspot.list(
      {
        objectType: run.objectType,
        properties: run.properties,
        archived: true,
        ...(after === null ? {} : { after }),
      },
      { signal: ctx.signal },
    );
    ({ after } = page);
    for (const { id } of page.results) inBin.add(id);
    await loader.add(page.results, {});
  } while (after !== null);
  await loader.finish({});
  await readOutOfBin(ctx, run, inBin);
}

// What we knew as archived and is not in the bin any more was restored, or is gone for good. A restore moves no date that search would show.
async function readOutOfBin(ctx: SyncContext, run: TypeRun, inBin: ReadonlySet<string>): Promise<void> {
  const out = (await archivedIds(ctx, run.objectType)).filter((id) => !inBin.has(id));
  const gone: string[] = [];
  const loader = createLoader(ctx, run);
  for (let at = 0; at < out.length; at += BATCH) {
    ctx.signal.throwIfAborted();
    const ids = out.slice(at, at + BATCH);
    const { results, missing } = await ctx.hubspot.batchRead(
      { objectType: run.objectType, ids, properties: run.properties },
      { signal: ctx.signal },
    );
    await loader.add(
      results.filter((record) => ids.includes(record.id)),
      {},
    );
    gone.push(...missing);
  }
  await loader.finish({});
  if (gone.length > 0) run.onChanged(await closeObjects(ctx, run.objectType, gone));
}

// By search, in the order of modification, without ever sending an offset: an edit moves a record to the end instead of
// shifting a page. Records of the millisecond at which a page ended come again and are skipped by their id.
async function readModified(ctx: SyncContext, run: TypeRun, modifiedTo: Date): Promise<void> {
  const loader = createLoader(ctx, run);
  const end = new Date(run.startedAt.getTime() - INDEX_LAG_MS);
  let from = modifiedTo.getTime();
  let seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, from, null);
    if (emptyPages.again(page)) continue;
    const fresh = page.results.filter((record) => !seen.has(record.id));
    const last = Math.max(from, ...page.results.map((record) => Date.parse(record.updatedAt)));
    const settled = new Date(Math.min(last, end.getTime()));
    await loader.add(fresh, settled.getTime() > modifiedTo.getTime() ? { modifiedTo: settled } : {});
    if (!page.more && page.results.length < SEARCH_PAGE) break;
    const isStuck = page.results.length > 0 && last === from && fresh.length === 0;
    if (isStuck || page.results.every((record) => Date.parse(record.updatedAt) === from)) {
      await readOneMoment(ctx, run, loader, from);
      from += 1;
      seen = new Set();
      continue;
    }
    if (last !== from) seen = new Set();
    for (const record of page.results) if (Date.parse(record.updatedAt) === last) seen.add(record.id);
    from = last;
  }
  await loader.finish(end.getTime() > modifiedTo.getTime() ? { modifiedTo: end } : {});
}

// More records than a page holds can carry one millisecond (a bulk edit): within it, walk by id. Whether search compares ids as numbers
// or as text is not known, so the walk takes whatever order comes and goes on from the last id of the page.
async function readOneMoment(ctx: SyncContext, run: TypeRun, loader: Loader, at: number): Promise<void> {
  const seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  let afterId: string | null = null;
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, at, afterId ?? '');
    if (emptyPages.again(page)) continue;
    const fresh = page.results.filter((record) => !seen.has(record.id));
    for (const record of fresh) seen.add(record.id);
    await loader.add(fresh, {});
    const lastId = page.results.at(-1)?.id ?? null;
    if (lastId === null || lastId === afterId) return;
    afterId = lastId;
  }
}

// A page without rows that says there is more is asked for again, a bounded number of times.
function createEmptyPageGuard(objectType: string): { again(page: SearchPage): boolean } {
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

interface Loader {
  add(records: readonly CrmObject[], place: Place): Promise<void>;
  finish(place: Place): Promise<void>;
}

// Collects pages into segments and loads one while the next pages are already being fetched.
function createLoader(ctx: SyncContext, run: TypeRun): Loader {
  let records: CrmObject[] = [];
  let place: Place = {};
  let loading: Promise<void> = Promise.resolve();
  const load = async (batch: readonly CrmObject[], at: Place): Promise<void> => {
    run.onChanged(await loadObjects(ctx, run.objectType, batch, at));
  };
  const flush = async (): Promise<void> => {
    await loading;
    const [batch, at] = [records, place];
    records = [];
    place = {};
    loading = load(batch, at);
    loading.catch(() => {}); // awaited before the next one starts, and in finish
  };
  return {
    add: async (page, at) => {
      records.push(...page);
      place = { ...place, ...at };
      run.onRead(page.length);
      if (records.length >= SEGMENT_RECORDS) await flush();
    },
    finish: async (at) => {
      place = { ...place, ...at };
      if (records.length > 0 || Object.keys(place).length > 0) await flush();
      await loading;
    },
  };
}
