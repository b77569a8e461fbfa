import { closeMerged } from './close-objects.ts';
import type { SyncContext } from './context.ts';
import { countLive, type Total } from './counts.ts';
import { inWindow, type Window } from './ledger.ts';
import { listPages } from './list-pages.ts';
import { readPlace } from './load-objects.ts';
import { counted, createLoader, type TypeRun } from './loader.ts';
import { isBinDue, readBin } from './read-bin.ts';
import { INDEX_LAG_MS, readModified, verifyDoubtful } from './read-modified.ts';
import { noteReading, wholeAt, changeSweep } from './sweep-state.ts';

/** A type that may be read for the first time. */
export interface RecordsRun extends TypeRun {
  /** the run */
  id: string;
  /** Asks how many live records there are. */
  total(): Promise<Total>;
  onTotal(total: number): void;
}

/**
 * Reads one type: all of it the first time, then what was modified since, and what lies in the recycle bin. Answers which of the two it was.
 */
export async function readType(ctx: SyncContext, run: RecordsRun): Promise<'load' | 'changes'> {
  const { objectType } = run;
  const place = await readPlace(ctx, objectType);
  const modifiedTo = place?.modifiedTo ?? null;
  const listStartedAt = place?.listStartedAt ?? run.startedAt;
  const key = { run: run.id, objectType };
  if (modifiedTo === null) {
    await inWindow(ctx, { ...key, pass: 'load' }, (inner, window) =>
      firstLoad(inner, counted(run, window), { listedTo: place?.listedTo ?? null, listStartedAt }, window),
    );
  } else {
    await inWindow(ctx, { ...key, pass: 'changes', from: modifiedTo }, async (inner, window) => {
      const inWindowRun = counted(run, window);
      await readModified(inner, inWindowRun, modifiedTo, window);
      await verifyDoubtful(inner, inWindowRun);
    });
  }
  if (modifiedTo === null) await readBin(ctx, run, 'whole');
  else if (await isBinDue(ctx, objectType)) await readBin(ctx, run, 'changes');
  const merged = await closeMerged(ctx, objectType);
  if (merged > 0) run.onChanged(merged);
  return modifiedTo === null ? 'load' : 'changes';
}

// By the list, whose cursor is an id: edits cannot move a record past it. What is edited meanwhile is modified after the
// first load began, so the next increment, which starts before that moment, brings it.
async function firstLoad(
  ctx: SyncContext,
  run: Pick<RecordsRun, 'total' | 'onTotal'> & TypeRun,
  { listedTo, listStartedAt }: { listedTo: string | null; listStartedAt: Date },
  window: Window,
): Promise<void> {
  const total = run.total().then(({ count, cost }) => {
    window.cost(cost);
    window.total(count);
    if (count !== null) run.onTotal(count);
  });
  total.catch(() => {}); // awaited below
  await noteReading(ctx, run.objectType, run.properties);
  const loader = createLoader(ctx, run);
  let landed = listedTo === null ? 0 : await countLive(ctx, run.objectType);
  await listPages(ctx, run, listedTo, ({ results, after }) => {
    landed += results.length;
    window.landed(landed);
    return loader.add(results, after === null ? { listStartedAt } : { listStartedAt, listedTo: after });
  });
  await loader.finish({ listStartedAt, modifiedTo: new Date(listStartedAt.getTime() - INDEX_LAG_MS) }, (db) =>
    changeSweep(db, run.objectType, wholeAt(ctx.clock.now())),
  );
  await total;
}
