import { AppError } from '../errors.ts';
import type { CrmObject, ListPage, SearchPage } from '../hubspot-port.ts';
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
  await listAll(ctx, { ...run, archived: false }, listedTo, ({ results, after }) =>
    loader.add(results, after === null ? { listStartedAt } : { listStartedAt, listedTo: after }),
  );
  await loader.finish({ listStartedAt, modifiedTo: new Date(listStartedAt.getTime() - INDEX_LAG_MS) });
}

async function readArchived(ctx: SyncContext, run: TypeRun): Promise<void> {
  const loader = createLoader(ctx, run);
  const inBin = new Set<string>();
  await listAll(ctx, { ...run, archived: true }, null, ({ results }) => {
    for (const { id } of results) inBin.add(id);
    return loader.add(results, {});
  });
  await loader.finish({});
  await readOutOfBin(ctx, run, inBin);
}

/** Every page of the list from behind a cursor. */
async function listAll(
  ctx: SyncContext,
  { objectType, properties, archived }: Pick<TypeRun, 'objectType' | 'properties'> & { archived: boolean },
  from: string | null,
  take: (page: ListPage) => Promise<void>,
): Promise<void> {
  const emptyPages = createEmptyPageGuard(objectType);
  let after = from;
  do {
    ctx.signal.throwIfAborted();
    const page: ListPage = await ctx.hubspot.list(
      { objectType, properties, archived, ...(after === null ? {} : { after }) },
      { signal: ctx.signal },
    );
    emptyPages.again(page.results.length, page.after !== null && page.after === after);
    ({ after } = page);
    await take(page);
  } while (after !== null);
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
// shifting a page. Records of the millisecond at which a page ended come again and are skipped.
async function readModified(ctx: SyncContext, run: TypeRun, modifiedTo: Date): Promise<void> {
  const loader = createLoader(ctx, run);
  const end = run.startedAt.getTime() - INDEX_LAG_MS;
  let from = modifiedTo.getTime();
  let seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, from, null);
    const times = page.results.map(modifiedAt).filter((time) => time >= from);
    if (emptyPages.again(times.length, page.more)) continue;
    const fresh = page.results.filter((record) => !seen.has(versionOf(record)));
    const reached = reachedBy(times, page.more ? end : Number.POSITIVE_INFINITY) ?? from;
    const settled = Math.min(reached, end);
    await loader.add(fresh, settled > modifiedTo.getTime() ? { modifiedTo: new Date(settled) } : {});
    if (!page.more && page.results.length < SEARCH_PAGE) break;
    const isStuck = reached === from && fresh.length === 0;
    if (isStuck || times.every((time) => time === from)) {
      await readOneMoment(ctx, run, loader, from);
      from += 1;
      seen = new Set();
      continue;
    }
    if (reached !== from) seen = new Set();
    for (const record of page.results) seen.add(versionOf(record));
    from = reached;
  }
  await loader.finish(end > modifiedTo.getTime() ? { modifiedTo: new Date(end) } : {});
}

// How far a page brings us: to its last record. What is younger than `end` may stand anywhere, for the index is still being written there,
// so that a page with older records brings us to the last of these.
function reachedBy(times: readonly number[], end: number): number | undefined {
  return times.findLast((time) => time <= end) ?? times.at(-1);
}

function modifiedAt(record: CrmObject): number {
  return Date.parse(record.updatedAt);
}

function versionOf(record: CrmObject): string {
  return `${record.id} ${record.updatedAt}`;
}

// More records than a page holds can carry one millisecond (a bulk edit): within it, walk by id. Whether search compares and sorts ids as
// numbers or as text is not known, so the walk takes whatever order comes and goes on from the last id of the page. Where it sorts one way
// and compares the other, that leaves records out: HubSpot's own count tells, and the list, which has one order, brings them.
async function readOneMoment(ctx: SyncContext, run: TypeRun, loader: Loader, at: number): Promise<void> {
  const seen = new Set<string>();
  const emptyPages = createEmptyPageGuard(run.objectType);
  let afterId: string | null = null;
  let total = 0;
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, at, afterId ?? '');
    const inside = page.results.filter((record) => modifiedAt(record) === at);
    if (emptyPages.again(inside.length, page.more)) continue;
    if (afterId === null) ({ total } = page);
    await loader.add(
      page.results.filter((record) => !seen.has(record.id)),
      {},
    );
    for (const { id } of inside) seen.add(id);
    const lastId = inside.at(-1)?.id ?? null;
    if (lastId === null || lastId === afterId) break;
    afterId = lastId;
  }
  if (seen.size >= total) return;
  // Records that were edited meanwhile have left the moment: only what is still in it is missing.
  if (seen.size < (await search(ctx, run, at, '', 1)).total)
    await listAll(ctx, { ...run, archived: false }, null, ({ results }) => loader.add(results, {}));
}

// A page without rows that says there is more is asked for again, a bounded number of times.
function createEmptyPageGuard(objectType: string): { again(rows: number, more: boolean): boolean } {
  let met = 0;
  return {
    again: (rows, more) => {
      if (rows > 0 || !more) return false;
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
  limit = SEARCH_PAGE,
): Promise<SearchPage> {
  const modified = modifiedProperty(run.objectType);
  const inMoment = momentAfterId !== null;
  return ctx.hubspot.search(
    {
      objectType: run.objectType,
      properties: run.properties,
      limit,
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
