import PQueue from 'p-queue';
import type { SyncContext } from './context.ts';

/** Types read side by side, to fill HubSpot's rate while each waits for its own next page. */
const LANES = 4;
/** What follows from something done goes before what waits for its turn. */
const FOLLOWING = 1;

/**
 * Does the work of several types side by side, and what each says has to follow. One that cannot go on stops the others at their next page;
 * what ended it is thrown once all have come to rest.
 */
export async function inLanes<Item>(
  ctx: SyncContext,
  items: readonly Item[],
  work: (ctx: SyncContext, item: Item) => Promise<readonly Item[] | void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: LANES });
  const stop = new AbortController();
  const inner = { ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) };
  const add = (some: readonly Item[], priority: number): Promise<unknown> =>
    Promise.all(some.map((item) => queue.add(() => one(item), { priority })));
  const one = async (item: Item): Promise<void> => {
    try {
      inner.signal.throwIfAborted();
      void add((await work(inner, item)) ?? [], FOLLOWING);
    } catch (error) {
      stop.abort(error);
    }
  };
  void add(items, 0);
  await queue.onIdle();
  if (stop.signal.aborted) throw stop.signal.reason;
}
