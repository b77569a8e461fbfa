import type { CrmObject, SearchPage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { Window } from './ledger.ts';
import { createEmptyPages, listPages } from './list-pages.ts';
import { createLoader, type Loader, type TypeRun } from './loader.ts';
import { modifiedProperty } from './object-types.ts';
import { BATCH, verifyRecords } from './verify.ts';
import { openIdList } from './work-list.ts';

const SEARCH_PAGE = 200;
/** Search sees a change only after a while: the cursor stays this far behind the start of the run, and the tail is read again. */
export const INDEX_LAG_MS = 15 * 60_000;

// By search, in the order of modification, without ever sending an offset: an edit moves a record to the end instead of
// shifting a page. Records of the millisecond at which a page ended come again and are skipped.
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
  const end = run.startedAt.getTime() - INDEX_LAG_MS;
  // A cursor that lies ahead was written while the clock did: from there on nothing would ever be found.
  const start = Math.min(modifiedTo.getTime(), end);
  const modifiedAt = modifiedAtOf(run.objectType);
  let from = start;
  let seen = new Set<string>();
  const emptyPages = createEmptyPages(run.objectType);
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, from, null);
    window.total(page.total);
    const times = page.results.map(modifiedAt).filter((time) => time >= from);
    const what = emptyPages.met(times.length, page.more);
    if (what === 'again') continue;
    if (what === 'hopeless') {
      await readByList(ctx, run, { loader, note }, (record) => modifiedAt(record) >= from);
      break;
    }
    const fresh = page.results.filter((record) => !seen.has(versionOf(record)));
    note(fresh);
    const reached = reachedBy(times, page.more ? end : Number.POSITIVE_INFINITY) ?? from;
    const settled = Math.min(reached, end);
    await loader.add(fresh, settled > start ? { modifiedTo: new Date(settled) } : {});
    if (!page.more && page.results.length < SEARCH_PAGE) break;
    const isStuck = reached === from && fresh.length === 0;
    if (isStuck || times.every((time) => time === from)) {
      await readOneMoment(ctx, run, { loader, note }, from);
      from += 1;
      seen = new Set();
      continue;
    }
    if (reached !== from) seen = new Set();
    for (const record of page.results) seen.add(versionOf(record));
    from = reached;
  }
  await loader.finish({ modifiedTo: new Date(end) });
  window.upTo(new Date(end));
}

// How far a page brings us: to its last record. What is younger than `end` may stand anywhere, for the index is still being written there,
// so that a page with older records brings us to the last of these.
function reachedBy(times: readonly number[], end: number): number | undefined {
  return times.findLast((time) => time <= end) ?? times.at(-1);
}

// By the property that search sorts and filters by: the moment that a record carries beside its properties may be another.
function modifiedAtOf(objectType: string): (record: CrmObject) => number {
  const name = modifiedProperty(objectType);
  return ({ properties, updatedAt }) => {
    const text = properties[name] ?? updatedAt;
    const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
    return Number.isNaN(at) ? Date.parse(updatedAt) : at;
  };
}

// The list has one order and holds everything: the way out where search does not show what it says it has.
function readByList(
  ctx: SyncContext,
  run: TypeRun,
  { loader, note }: { loader: Loader; note: (records: readonly CrmObject[]) => void },
  isWanted: (record: CrmObject) => boolean,
): Promise<void> {
  return listPages(ctx, run, null, ({ results }) => {
    const wanted = results.filter(isWanted);
    note(wanted);
    return loader.add(wanted, {});
  });
}

function versionOf(record: CrmObject): string {
  return `${record.id} ${record.updatedAt}`;
}

/** Asks for the records of which search told something doubtful, also in a run that was cut off. */
export async function verifyDoubtful(ctx: SyncContext, run: TypeRun): Promise<void> {
  const nextIds = await openIdList(
    ctx,
    `doubtful ${run.objectType}`,
    'select distinct id from verify_due where object_type = $object_type',
    { object_type: run.objectType },
  );
  for (;;) {
    ctx.signal.throwIfAborted();
    const ids = await nextIds(BATCH);
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

// More records than a page holds can carry one millisecond (a bulk edit): within it, walk by id. Whether search compares and sorts ids as
// numbers or as text is not known, so the walk takes whatever order comes and goes on from the last id of the page. Where it sorts one way
// and compares the other, that leaves records out: HubSpot's own count tells, and the list, which has one order, brings them.
async function readOneMoment(
  ctx: SyncContext,
  run: TypeRun,
  { loader, note }: { loader: Loader; note: (records: readonly CrmObject[]) => void },
  at: number,
): Promise<void> {
  const seen = new Set<string>();
  const modifiedAt = modifiedAtOf(run.objectType);
  const emptyPages = createEmptyPages(run.objectType);
  let afterId: string | null = null;
  let total = 0;
  for (;;) {
    ctx.signal.throwIfAborted();
    const page = await search(ctx, run, at, afterId ?? '');
    const inside = page.results.filter((record) => modifiedAt(record) === at);
    const what = emptyPages.met(inside.length, page.more);
    if (what === 'again') continue;
    if (afterId === null) ({ total } = page);
    const fresh = page.results.filter((record) => !seen.has(record.id));
    note(fresh);
    await loader.add(fresh, {});
    for (const { id } of inside) seen.add(id);
    if (what === 'hopeless') break;
    const lastId = inside.at(-1)?.id ?? null;
    if (lastId === null || lastId === afterId) break;
    afterId = lastId;
  }
  if (seen.size >= total) return;
  // Records that were edited meanwhile have left the moment: only what is still in it is missing.
  if (seen.size >= (await search(ctx, run, at, '', 1)).total) return;
  await readByList(ctx, run, { loader, note }, (record) => modifiedAt(record) === at);
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
