import { archivedIds } from './close-objects.ts';
import type { SyncContext } from './context.ts';
import type { Window } from './ledger.ts';
import { listPages } from './list-pages.ts';
import { createLoader, type TypeRun } from './loader.ts';
import { BATCH, verifyRecords } from './verify.ts';

/** Reads what lies in the recycle bin, and asks for what we knew there and is not there any more. */
export async function readBin(ctx: SyncContext, run: TypeRun, window: Window): Promise<void> {
  const loader = createLoader(ctx, run);
  const inBin = new Set<string>();
  await listPages(ctx, { ...run, archived: true }, null, ({ results }) => {
    for (const { id } of results) inBin.add(id);
    window.landed(inBin.size);
    return loader.add(results, {});
  });
  await loader.finish({});
  await readOutOfBin(ctx, run, inBin);
}

// What we knew as archived and is not in the bin any more was restored, or is gone for good. A restore moves no date that search would show.
async function readOutOfBin(ctx: SyncContext, run: TypeRun, inBin: ReadonlySet<string>): Promise<void> {
  const out = (await archivedIds(ctx, run.objectType)).filter((id) => !inBin.has(id));
  for (let at = 0; at < out.length; at += BATCH) {
    ctx.signal.throwIfAborted();
    const ids = out.slice(at, at + BATCH);
    run.onRead(ids.length);
    run.onChanged(await verifyRecords(ctx, run, ids));
  }
}
