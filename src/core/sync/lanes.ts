import PQueue from 'p-queue';
import type { SyncContext } from './context.ts';

/** Types read side by side, to fill HubSpot's rate while each waits for its own next page. */
const LANES = 4;

/**
 * Does the work of several types side by side. One that cannot go on stops the others at their next page; what ended it is thrown once all
 * have come to rest.
 */
export async function inLanes<Item>(
  ctx: SyncContext,
  items: readonly Item[],
  work: (ctx: SyncContext, item: Item) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: LANES });
  const stop = new AbortController();
  const inner = { ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) };
  await Promise.allSettled(
    items.map((item) =>
      queue.add(async () => {
        try {
          inner.signal.throwIfAborted();
          await work(inner, item);
        } catch (error) {
          stop.abort(error);
        }
      }),
    ),
  );
  if (stop.signal.aborted) throw stop.signal.reason;
}
