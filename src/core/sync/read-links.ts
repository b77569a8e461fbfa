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
    // Records that HubSpot refused stay due for the next run: this one steps over them.
    let left = 0;
    for (;;) {
      ctx.signal.throwIfAborted();
      const ids = await dueIds(ctx, objectType, BATCH, left);
      if (ids.length === 0) break;
      const pairs = await Promise.all(
        toTypes.map((toType) => readPair(ctx, objectType, toType, ids, refused)),
      );
      const failed = new Set(pairs.flatMap((pair) => pair.failed));
      const batches = pairs.map((pair) => pair.batch);
      const done = ids.filter((id) => !failed.has(id));
      counts.changed += await loadLinks(ctx, objectType, batches, done);
      counts.read += done.length;
      counts.failed += failed.size;
      left += failed.size;
      onProgress(counts.read + counts.failed, total);
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
    refused.add(error.message);
    return { batch: { fromType, toType, ids: [], rows: [] }, failed: [] };
  }
}
