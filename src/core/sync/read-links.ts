import { AppError } from '../errors.ts';
import type { SyncContext } from './context.ts';
import { createFailures } from './failures.ts';
import { openWindows, type OpenWindow } from './ledger.ts';
import { countDue, dueIds, loadLinks, type LinkBatch } from './load-links.ts';
import { linksOf } from './object-types.ts';
import { anyRecords, noteSkipped, putBack, skippedPairs } from './skipped-links.ts';

/** HubSpot's most ids in one call. */
const BATCH = 1000;

export interface LinkCounts {
  read: number;
  changed: number;
  failed: number;
  /** pairs that could not be read, each as a sentence */
  skipped: string[];
}

/**
 * Reads the links of every record that is new or changed, a thousand records at a time. Links that a missing scope keeps from us are left
 * out and noted; once HubSpot lets us read them, they are read for every record of the type.
 */
export async function readLinks(
  ctx: SyncContext,
  run: string,
  readable: ReadonlySet<string>,
  onProgress: (done: number, total: number) => void,
): Promise<LinkCounts> {
  const counts: LinkCounts = { read: 0, changed: 0, failed: 0, skipped: [] };
  const refused: Refused = new Map();
  const failures = createFailures();
  await putBackReadable(ctx, readable, refused);
  // What cannot be read now may be later: its records stay due.
  const due = [...(await countDue(ctx))].filter(([objectType]) => readable.has(objectType));
  const total = due.reduce((sum, [, n]) => sum + n, 0);
  onProgress(0, total);
  for (const [objectType] of due) {
    const open = openWindows(
      ctx,
      linksOf(objectType)
        .filter((toType) => readable.has(toType) && !refused.has(pairName(objectType, toType)))
        .map((toType) => ({ run, objectType, pass: 'links' as const, toType })),
    );
    const windows = new Map(open.map((one) => [one.key.toType ?? '', one]));
    const incomplete = new Set<string>();
    try {
      await readDue(ctx, { objectType, readable, refused, windows, incomplete }, counts, () =>
        onProgress(counts.read + counts.failed, total),
      );
    } catch (error) {
      for (const window of open) await window.close('cut off').catch(() => {}); // the failure that ended it is the one to tell
      failures.keep(error, ctx.signal);
      continue;
    }
    for (const [toType, window] of windows) {
      const isWhole = !refused.has(pairName(objectType, toType)) && !incomplete.has(toType);
      await window.close(isWhole ? 'whole' : 'cut off');
    }
  }
  counts.skipped = [...new Set(refused.values())];
  failures.throwFirst();
  return counts;
}

async function readDue(
  ctx: SyncContext,
  type: {
    objectType: string;
    readable: ReadonlySet<string>;
    refused: Refused;
    windows: ReadonlyMap<string, OpenWindow<SyncContext>>;
    /** the types to which HubSpot refused the links of some record; added to */
    incomplete: Set<string>;
  },
  counts: LinkCounts,
  onProgress: () => void,
): Promise<void> {
  const { objectType, readable, refused, windows, incomplete } = type;
  const isOpen = (toType: string): boolean =>
    readable.has(toType) && !refused.has(pairName(objectType, toType));
  const landed = new Map<string, number>();
  // Records that HubSpot refused stay due for the next run: this one does not come back to them.
  const nextIds = await dueIds(ctx, objectType);
  for (;;) {
    ctx.signal.throwIfAborted();
    const ids = await nextIds(BATCH);
    if (ids.length === 0) return;
    const pairs = await Promise.all(
      linksOf(objectType)
        .filter(isOpen)
        .map((toType) => readPair(windows.get(toType)?.ctx ?? ctx, objectType, toType, ids, refused)),
    );
    const failed = new Set(pairs.flatMap((pair) => pair.failed));
    for (const pair of pairs) if (pair.failed.length > 0) incomplete.add(pair.batch.toType);
    const batches = pairs.map((pair) => pair.batch);
    for (const { toType, ids: read } of batches) {
      landed.set(toType, (landed.get(toType) ?? 0) + read.length);
      windows.get(toType)?.window.landed(landed.get(toType) ?? 0);
    }
    const done = ids.filter((id) => !failed.has(id));
    const skipped = linksOf(objectType)
      .filter((toType) => !isOpen(toType))
      .map((toType) => ({ toType, reason: refused.get(pairName(objectType, toType)) ?? null }));
    counts.changed += await loadLinks(ctx, objectType, batches, done, skipped, (toType, count) =>
      windows.get(toType)?.window.versions(count),
    );
    counts.read += done.length;
    counts.failed += failed.size;
    onProgress();
  }
}

/** Pairs that HubSpot refused in this run, with its sentence: asked for once, not again for every thousand records. */
type Refused = Map<string, string>;

function pairName(fromType: string, toType: string): string {
  return `${fromType} ${toType}`;
}

// Two records of each pair that was left out before are tried: a scope may be granted without any record changing, and one of the two may be
// refused for itself.
async function putBackReadable(
  ctx: SyncContext,
  readable: ReadonlySet<string>,
  refused: Refused,
): Promise<void> {
  for (const pair of await skippedPairs(ctx)) {
    const { fromType, toType } = pair;
    if (!readable.has(fromType) || !readable.has(toType)) continue;
    const ids = await anyRecords(ctx, fromType, 2);
    const { failed } = await readPair(ctx, fromType, toType, ids, refused);
    const reason = refused.get(pairName(fromType, toType));
    if (reason !== undefined)
      await ctx.warehouse.write((db) => noteSkipped(db, fromType, [{ toType, reason }]));
    else if (ids.length === 0 || failed.length < ids.length) await putBack(ctx, pair);
  }
}

async function readPair(
  ctx: SyncContext,
  fromType: string,
  toType: string,
  ids: readonly string[],
  refused: Refused,
): Promise<{ batch: LinkBatch; failed: string[] }> {
  try {
    const { rows, failed } = await ctx.hubspot.associations(
      { fromType, toType, ids },
      { signal: ctx.signal },
    );
    const missing = new Set(failed.map((one) => one.id));
    if (missing.size > 0)
      ctx.log.warn('HubSpot refused the links of some records', { fromType, toType, count: missing.size });
    const read = ids.filter((id) => !missing.has(id));
    return { batch: { fromType, toType, ids: read, rows }, failed: [...missing] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'forbidden') throw error;
    refused.set(pairName(fromType, toType), error.message);
    return { batch: { fromType, toType, ids: [], rows: [] }, failed: [] };
  }
}
