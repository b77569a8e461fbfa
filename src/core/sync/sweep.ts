import type { SyncContext } from './context.ts';
import { countRecords } from './counts.ts';
import type { Window } from './ledger.ts';
import { listPages } from './list-pages.ts';
import { createLoader, type TypeRun } from './loader.ts';
import { changeSweep, noteReading, noteSeen, readSweep, wholeAt } from './sweep-state.ts';
import { BATCH, verifyRecords } from './verify.ts';
import { openIdList } from './work-list.ts';

export interface SweepRun extends TypeRun {
  /** records found so far, and how many there are; null when HubSpot does not say */
  onSwept(done: number, total: number | null): void;
}

/**
 * Reads every record of a type anew, by the list whose cursor is an id: brings what was missed, what changed without a later date, and new
 * properties of records that did not change. Then it asks for every live record of ours that the list did not hold. May be cut off anywhere
 * and goes on from there; nothing is closed before the list has come to its end. Every live record is due to have its links read.
 */
export async function sweepType(ctx: SyncContext, run: SweepRun, window: Window): Promise<void> {
  const { objectType } = run;
  const before = await readSweep(ctx, objectType);
  await noteReading(
    ctx,
    objectType,
    run.properties,
    before.startedAt === null ? { startedAt: ctx.clock.now() } : {},
  );
  const total = await countRecords(ctx, objectType);
  window.total(total);
  let found = before.startedAt === null ? 0 : await countSeen(ctx, objectType);
  const onFound = (count: number): void => {
    found += count;
    run.onRead(count);
    window.landed(found);
    run.onSwept(found, total);
  };
  onFound(0);
  if (!before.isListed) await list(ctx, run, before.listedTo, onFound);
  ctx.failpoint('sweep-listed');
  await verifyUnlisted(ctx, run);
  ctx.failpoint('sweep-verified');
  await ctx.warehouse.write(async (db) => {
    await changeSweep(db, objectType, wholeAt(ctx.clock.now()));
    await db.run('delete from sweep_seen where object_type = $object_type', { object_type: objectType });
    await db.run(LINKS_DUE, { object_type: objectType });
  });
  ctx.failpoint('sweep-finished');
}

/** Puts every live record of a type on the list of those whose links are to be read. */
export const LINKS_DUE = `
  insert into association_due
  select object_type, id from objects
  where object_type = $object_type and not archived
    and id not in (select id from association_due where object_type = $object_type)`;

async function list(
  ctx: SyncContext,
  run: TypeRun,
  listedTo: string | null,
  onFound: (count: number) => void,
): Promise<void> {
  const loader = createLoader(ctx, { ...run, onRead: onFound });
  await listPages(ctx, run, listedTo, ({ results, after }) => loader.add(results, { sweptTo: after }));
  await loader.finish({});
}

// A record that the list did not hold may be gone, or have come, gone to the bin or been merged while it was read: only HubSpot knows.
async function verifyUnlisted(ctx: SyncContext, run: TypeRun): Promise<void> {
  const { objectType } = run;
  // Once more behind the last: what was asked for may have answered with a survivor that the list did not hold either.
  for (let asked = 1; asked > 0;) {
    asked = 0;
    const nextIds = await openIdList(ctx, `unlisted ${objectType}`, UNLISTED, { object_type: objectType });
    for (;;) {
      ctx.signal.throwIfAborted();
      const ids = await nextIds(BATCH);
      if (ids.length === 0) break;
      asked += ids.length;
      run.onChanged(await verifyRecords(ctx, run, ids, (db) => noteSeen(db, objectType, ids)));
    }
  }
}

const UNLISTED = `
  select id from objects
  where object_type = $object_type and not archived
    and id not in (select id from sweep_seen where object_type = $object_type)`;

async function countSeen(ctx: SyncContext, objectType: string): Promise<number> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select count(distinct id)::integer as seen from sweep_seen where object_type = $object_type',
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  return Number(rows[0]?.['seen'] ?? 0);
}
