import { AppError } from '../errors.ts';
import type { SyncContext } from './context.ts';
import { countDue, dueIds, loadLinks, type LinkBatch } from './load-links.ts';
import { linksOf } from './object-types.ts';

/** HubSpot's most ids in one call. */
const BATCH = 1000;

export interface LinkCounts {
  read: number;
  changed: number;
  failed: number;
  /** pairs that could not be read, each as a sentence */
  skipped: string[];
}

/** Reads the links of every record that is new or changed, a thousand records at a time. */
export async function readLinks(
  ctx: SyncContext,
  readable: ReadonlySet<string>,
  onProgress: (done: number, total: number) => void,
): Promise<LinkCounts> {
  const counts: LinkCounts = { read: 0, changed: 0, failed: 0, skipped: [] };
  const due = await countDue(ctx);
  const total = [...due.values()].reduce((sum, n) => sum + n, 0);
  const refused = new Set<string>();
  onProgress(0, total);
  for (const objectType of due.keys()) {
    const toTypes = linksOf(objectType).filter((type) => readable.has(type));
    for (
      let ids = await dueIds(ctx, objectType, BATCH);
      ids.length > 0;
      ids = await dueIds(ctx, objectType, BATCH)
    ) {
      ctx.signal.throwIfAborted();
      const batches = await Promise.all(
        toTypes.map((toType) => readPair(ctx, objectType, toType, ids, refused, counts)),
      );
      // A type without any readable target is still taken off the list: an empty batch names its ids.
      const named = batches.length > 0 ? batches : [{ fromType: objectType, toType: '', ids, rows: [] }];
      counts.changed += await loadLinks(ctx, objectType, named);
      counts.read += ids.length;
      onProgress(counts.read, total);
    }
  }
  counts.skipped = [...refused];
  return counts;
}

async function readPair(
  ctx: SyncContext,
  fromType: string,
  toType: string,
  ids: readonly string[],
  refused: Set<string>,
  counts: LinkCounts,
): Promise<LinkBatch> {
  try {
    const { rows, failed } = await ctx.hubspot.associations(
      { fromType, toType, ids },
      { signal: ctx.signal },
    );
    const missing = new Set(failed.map((one) => one.id));
    counts.failed += missing.size;
    if (missing.size > 0)
      ctx.log.warn('HubSpot refused the links of some records', { fromType, toType, count: missing.size });
    return { fromType, toType, ids: ids.filter((id) => !missing.has(id)), rows };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'forbidden') throw error;
    refused.add(error.message);
    return { fromType, toType, ids: [], rows: [] };
  }
}
