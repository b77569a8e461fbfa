import { z } from 'zod';
import type { CrmObject } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { inWindow, type Window } from './ledger.ts';
import { listPages } from './list-pages.ts';
import { counted, createLoader, type TypeRun } from './loader.ts';
import { isQuotaAmple } from './quota.ts';
import { BATCH, verifyRecords } from './verify.ts';

/** A bin of so many records, five pages of the list, is read in every run. */
const SMALL_BIN = 500;
/** A larger one is read so often. */
const LARGE_EVERY_MS = 3_600_000;

/** What of the bin is read: every record with all its properties, or only those that are not known as they lie there. */
export type BinReading = 'whole' | 'changes';

/** Reads what lies in the recycle bin, as one window of the ledger, and asks for what we knew there and is not there any more. */
export function readBin(ctx: SyncContext, run: TypeRun & { id: string }, reading: BinReading): Promise<void> {
  return inWindow(ctx, { run: run.id, objectType: run.objectType, pass: 'bin' }, (inner, window) =>
    read(inner, counted(run, window), reading, window),
  );
}

const Last = z.object({ started_at: z.number(), landed: z.number() });

/** Whether the bin of a type is to be read again in this run, by what the ledger says of the last time. */
export async function isBinDue(ctx: SyncContext, objectType: string): Promise<boolean> {
  const [row] = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select epoch_ms(started_at)::double as started_at, landed from sync_windows
         where object_type = $object_type and pass = 'bin' and finished_at is not null
         order by sync_windows.started_at desc limit 1`,
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  if (row === undefined) return true;
  const last = Last.parse(row);
  if (last.landed <= SMALL_BIN) return true;
  const age = ctx.clock.now().getTime() - last.started_at;
  return (age < 0 || age >= LARGE_EVERY_MS) && isQuotaAmple(ctx); // below zero: the clock was set back
}

async function read(ctx: SyncContext, run: TypeRun, reading: BinReading, window: Window): Promise<void> {
  const known = await readKnown(ctx, run.objectType);
  const loader = createLoader(ctx, run);
  const inBin = new Set<string>();
  const properties = reading === 'whole' ? run.properties : [];
  await listPages(ctx, { ...run, properties, archived: true }, null, async ({ results }) => {
    for (const { id } of results) inBin.add(id);
    window.landed(inBin.size);
    // A record that was merged into another may lie in the bin as well: it lives on in that one.
    const ours = results.filter((record) => !known.merged.has(record.id));
    if (reading === 'whole') await loader.add(ours, {});
    else
      await loader.add(
        await readBodies(
          ctx,
          run,
          ours.filter((record) => !isKnown(known, record)),
        ),
        {},
      );
  });
  await loader.finish({});
  await readOutOfBin(
    ctx,
    run,
    [...known.archived.keys()].filter((id) => !inBin.has(id)),
  );
}

// What left the bin between the list and its body is asked for wherever it is now.
async function readBodies(
  ctx: SyncContext,
  run: TypeRun,
  listed: readonly CrmObject[],
): Promise<CrmObject[]> {
  if (listed.length === 0) return [];
  const { objectType, properties } = run;
  const asked = new Set(listed.map(({ id }) => id));
  const { results } = await ctx.hubspot.batchRead(
    { objectType, properties, ids: [...asked], archived: true },
    { signal: ctx.signal },
  );
  const bodies = results.filter(({ id }) => asked.has(id));
  for (const { id } of bodies) asked.delete(id);
  if (asked.size > 0) run.onChanged(await verifyRecords(ctx, run, [...asked]));
  return bodies;
}

// What we knew as archived and is not in the bin any more was restored, or is gone for good. A restore moves no date that search would show.
async function readOutOfBin(ctx: SyncContext, run: TypeRun, out: readonly string[]): Promise<void> {
  for (let at = 0; at < out.length; at += BATCH) {
    ctx.signal.throwIfAborted();
    const ids = out.slice(at, at + BATCH);
    run.onRead(ids.length);
    run.onChanged(await verifyRecords(ctx, run, ids));
  }
}

interface Known {
  /** the records that are known as archived, each with its two moments */
  archived: ReadonlyMap<string, string>;
  merged: ReadonlySet<string>;
}

const Row = z.object({
  id: z.string(),
  archived_at: z.number().nullable(),
  updated_at: z.number().nullable(),
  is_merged: z.boolean(),
});

async function readKnown(ctx: SyncContext, objectType: string): Promise<Known> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `from (
           select id, epoch_ms(archived_at)::double as archived_at, epoch_ms(updated_at)::double as updated_at, false as is_merged
           from objects where object_type = $object_type and archived
           union all
           select id, null, null, true from tombstones where object_type = $object_type and reason = 'merged'
         )
         order by try_cast(id as hugeint), id`,
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  const archived = new Map<string, string>();
  const merged = new Set<string>();
  for (const { id, archived_at, updated_at, is_merged } of Row.array().parse(rows)) {
    if (is_merged) merged.add(id);
    else archived.set(id, moments(archived_at, updated_at));
  }
  return { archived, merged };
}

function isKnown({ archived }: Known, { id, archivedAt, updatedAt }: CrmObject): boolean {
  const at = archivedAt === null ? null : Date.parse(archivedAt);
  return archived.get(id) === moments(at, Date.parse(updatedAt));
}

function moments(archivedAt: number | null, updatedAt: number | null): string {
  return `${archivedAt} ${updatedAt}`;
}
