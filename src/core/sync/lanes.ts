import PQueue from 'p-queue';
import type { SyncContext } from './context.ts';

/** Types read side by side, to fill HubSpot's rate while each waits for its own next page. */
const LANES = 4;
/** What follows from something done goes before what waits for its turn. */
const FOLLOWING = Number.MAX_SAFE_INTEGER;

export interface Lanes<Item> {
  work: (ctx: SyncContext, item: Item) => Promise<readonly Item[] | void>;
  /** How much there is to do for an item; what waits is begun in this order, the most first, as soon as it is known. */
  weigh?: (ctx: SyncContext, item: Item) => Promise<number>;
}

/**
 * Does the work of several types side by side, and what each says has to follow. One that cannot go on stops the others at their next page;
 * what ended it is thrown once all have come to rest.
 */
export async function inLanes<Item>(
  ctx: SyncContext,
  items: readonly Item[],
  { work, weigh }: Lanes<Item>,
): Promise<void> {
  const queue = new PQueue({ concurrency: LANES });
  const stop = new AbortController();
  const inner = { ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) };
  const one = async (item: Item): Promise<void> => {
    try {
      inner.signal.throwIfAborted();
      for (const next of (await work(inner, item)) ?? [])
        void queue.add(() => one(next), { priority: FOLLOWING });
    } catch (error) {
      stop.abort(error);
    }
  };
  const weighing = items.map(async (item, n) => {
    const id = String(n);
    let isWaiting = true;
    void queue.add(
      () => {
        isWaiting = false;
        return one(item);
      },
      { id },
    );
    if (weigh === undefined) return;
    try {
      const priority = await weigh(inner, item);
      if (isWaiting) queue.setPriority(id, priority);
    } catch (error) {
      stop.abort(error);
    }
  });
  await queue.onIdle();
  await Promise.all(weighing);
  if (stop.signal.aborted) throw stop.signal.reason;
}
