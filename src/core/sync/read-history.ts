import type { CrmObject } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { createFailures } from './failures.ts';
import { inWindow, type Window } from './ledger.ts';
import { historyDue, loadHistory, type HistoryDue } from './load-history.ts';
import { orRefused } from './read-definitions.ts';

/** HubSpot's most ids in one batch read with history. */
const BATCH = 50;
/** So many records go into one segment: what a kill can make us read again. */
const SEGMENT_RECORDS = 1000;

/**
 * Reads what HubSpot remembers of some properties of every company and deal that is new or changed. The names come from the portal's
 * mapping; without any nothing is read. Answers how many values were new.
 */
export async function readHistory(
  ctx: SyncContext,
  run: string,
  readable: ReadonlySet<string>,
): Promise<number> {
  const wanted = Object.entries((await ctx.historyOf?.()) ?? {});
  let added = 0;
  const failures = createFailures();
  for (const [objectType, names] of wanted) {
    if (!readable.has(objectType) || names.length === 0) continue;
    try {
      const read = await orRefused(() =>
        inWindow(ctx, { run, objectType, pass: 'history' }, (inner, window) =>
          readHistoryOf(inner, objectType, names, window),
        ),
      );
      if (typeof read === 'number') added += read;
      else ctx.log.warn('the history of properties cannot be read', { objectType, reason: read.refused });
    } catch (error) {
      failures.keep(error, ctx.signal);
    }
  }
  failures.throwFirst();
  return added;
}

async function readHistoryOf(
  ctx: SyncContext,
  objectType: string,
  names: readonly string[],
  window: Window,
): Promise<number> {
  let added = 0;
  let landed = 0;
  const nextDue = await historyDue(ctx, objectType, names);
  for (;;) {
    ctx.signal.throwIfAborted();
    const due = await nextDue(SEGMENT_RECORDS);
    if (due.length === 0) return added;
    const batches = Array.from({ length: Math.ceil(due.length / BATCH) }, (_, n) =>
      due.slice(n * BATCH, (n + 1) * BATCH),
    );
    const records = (
      await Promise.all(batches.map((batch) => readBatch(ctx, objectType, names, batch)))
    ).flat();
    const byId = new Map(records.map((record) => [record.id, record]));
    // What is gone meanwhile, or merged into another, is not there: the next run knows more of it.
    const read = due.flatMap((one) => {
      const record = byId.get(one.id);
      return record === undefined ? [] : [{ due: one, record }];
    });
    const fresh = await loadHistory(ctx, objectType, names, read);
    added += fresh;
    landed += read.length;
    window.landed(landed);
    window.versions(fresh);
  }
}

async function readBatch(
  ctx: SyncContext,
  objectType: string,
  names: readonly string[],
  batch: readonly HistoryDue[],
): Promise<CrmObject[]> {
  const ids = batch.map(({ id }) => id);
  const request = { objectType, ids, properties: ['hs_object_id'], propertiesWithHistory: names };
  return (await ctx.hubspot.batchRead(request, { signal: ctx.signal })).results;
}
