import type { SyncContext } from './context.ts';
import { createFailures } from './failures.ts';
import { countDue } from './load-links.ts';
import { pairName, readPair, readTypeLinks, type LinkTally, type Refused } from './read-type-links.ts';
import { anyRecords, noteSkipped, putBack, skippedPairs } from './skipped-links.ts';

export interface LinkCounts extends LinkTally {
  /** pairs that could not be read, each as a sentence */
  skipped: string[];
}

/** Reads the links of a run; a pair that HubSpot refuses is asked for once. */
export interface LinkReader {
  /** Reads those of one type that are due, while other types are still being read. What fails for the type alone is left to the next run. */
  ofType(ctx: SyncContext, objectType: string): Promise<void>;
  /** Reads what else is due; then throws the first failure of a type alone. */
  rest(): Promise<void>;
  /** what came so far */
  counts(): LinkCounts;
}

/**
 * Reads the links of every record that is new or changed, a thousand records at a time. Links that a missing scope keeps from us are left
 * out and noted; once HubSpot lets us read them, they are read for every record of the type.
 */
export function createLinkReader(
  ctx: SyncContext,
  run: string,
  readable: ReadonlySet<string>,
  onProgress: (done: number, total: number) => void,
): LinkReader {
  const counts: LinkTally = { read: 0, changed: 0, failed: 0 };
  const refused: Refused = new Map();
  const failures = createFailures();
  // Of each type the records that this run has asked for in vain: what cannot be read now may be later, so they stay due.
  const left = new Map<string, number>();
  const ofType = async (
    inner: SyncContext,
    objectType: string,
    onRead: (count: number) => void,
  ): Promise<void> => {
    let failed = left.get(objectType) ?? 0;
    try {
      await readTypeLinks(inner, { run, objectType, readable, refused }, (tally) => {
        counts.read += tally.read;
        counts.changed += tally.changed;
        counts.failed += tally.failed;
        failed += tally.failed;
        onRead(tally.read + tally.failed);
      });
      left.set(objectType, failed);
    } catch (error) {
      failures.keep(error, inner.signal);
      left.set(objectType, Infinity);
    }
  };
  return {
    ofType: (inner, objectType) =>
      ofType(inner, objectType, () => onProgress(counts.read + counts.failed, counts.read + counts.failed)),
    rest: async () => {
      await putBackReadable(ctx, readable, refused);
      const due = [...(await countDue(ctx))].filter(
        ([objectType, count]) => readable.has(objectType) && count > (left.get(objectType) ?? 0),
      );
      const total = due.reduce((sum, [, count]) => sum + count, 0);
      let done = 0;
      onProgress(done, total);
      for (const [objectType] of due)
        await ofType(ctx, objectType, (count) => {
          done += count;
          onProgress(done, total);
        });
      failures.throwFirst();
    },
    counts: () => ({ ...counts, skipped: [...new Set(refused.values())] }),
  };
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
    if (!readable.has(fromType) || !readable.has(toType) || refused.has(pairName(fromType, toType))) continue;
    const ids = await anyRecords(ctx, fromType, 2);
    const { failed } = await readPair(ctx, pair, ids, refused);
    const reason = refused.get(pairName(fromType, toType));
    if (reason !== undefined)
      await ctx.warehouse.write((db) => noteSkipped(db, fromType, [{ toType, reason }]));
    else if (ids.length === 0 || failed.length < ids.length) await putBack(ctx, pair);
  }
}
