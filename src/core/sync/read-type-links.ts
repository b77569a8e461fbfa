import { AppError } from '../errors.ts';
import type { SyncContext } from './context.ts';
import { openWindows, type OpenWindow } from './ledger.ts';
import { dueIds, loadLinks, type LinkBatch } from './load-links.ts';
import { linksOf } from './object-types.ts';
import type { Pair } from './skipped-links.ts';

/** HubSpot's most ids in one call. */
const BATCH = 1000;

/** Records whose links were read, links that opened or closed, records whose links HubSpot refused. */
export interface LinkTally {
  read: number;
  changed: number;
  failed: number;
}

/** Pairs that HubSpot refused in this run, with its sentence: asked for once, not again for every thousand records. */
export type Refused = Map<string, string>;

export function pairName(fromType: string, toType: string): string {
  return `${fromType} ${toType}`;
}

export interface TypeLinks {
  run: string;
  objectType: string;
  readable: ReadonlySet<string>;
  /** added to */
  refused: Refused;
}

/** Reads the links of the records of one type that are due, to each type as one window of the ledger. Tells of every thousand records. */
export async function readTypeLinks(
  ctx: SyncContext,
  type: TypeLinks,
  onRead: (tally: LinkTally) => void,
): Promise<void> {
  const { run, objectType, refused } = type;
  const open = openWindows(
    ctx,
    openTypes(type).map((toType) => ({ run, objectType, pass: 'links' as const, toType })),
  );
  const windows = new Map(open.map((one) => [one.key.toType ?? '', one]));
  const incomplete = new Set<string>();
  try {
    await readDue(ctx, { ...type, windows, incomplete }, onRead);
  } catch (error) {
    for (const window of open) await window.close('cut off').catch(() => {}); // the failure that ended it is the one to tell
    throw error;
  }
  for (const [toType, window] of windows) {
    const isWhole = !refused.has(pairName(objectType, toType)) && !incomplete.has(toType);
    await window.close(isWhole ? 'whole' : 'cut off');
  }
}

function openTypes({ objectType, readable, refused }: TypeLinks): string[] {
  return linksOf(objectType).filter(
    (toType) => readable.has(toType) && !refused.has(pairName(objectType, toType)),
  );
}

interface Due extends TypeLinks {
  windows: ReadonlyMap<string, OpenWindow<SyncContext>>;
  /** the types to which HubSpot refused the links of some record; added to */
  incomplete: Set<string>;
}

// While what came is loaded, the next is on its way.
async function readDue(ctx: SyncContext, type: Due, onRead: (tally: LinkTally) => void): Promise<void> {
  const landed = new Map<string, number>();
  // Records that HubSpot refused stay due for the next run: this one does not come back to them.
  const nextIds = await dueIds(ctx, type.objectType);
  let coming = readBatch(ctx, type, nextIds);
  try {
    for (let batch = await coming; batch !== null; batch = await coming) {
      coming = readBatch(ctx, type, nextIds);
      coming.catch(() => {}); // awaited below
      onRead(await loadBatch(ctx, type, batch, landed));
    }
  } finally {
    await coming.catch(() => {}); // the failure that ended it is the one to tell
  }
}

interface Batch {
  ids: readonly string[];
  pairs: { batch: LinkBatch; failed: string[] }[];
}

async function readBatch(
  ctx: SyncContext,
  type: Due,
  nextIds: (limit: number) => Promise<string[]>,
): Promise<Batch | null> {
  ctx.signal.throwIfAborted();
  const ids = await nextIds(BATCH);
  if (ids.length === 0) return null;
  const pairs = await Promise.all(
    openTypes(type).map((toType) =>
      readPair(
        type.windows.get(toType)?.ctx ?? ctx,
        { fromType: type.objectType, toType },
        ids,
        type.refused,
      ),
    ),
  );
  return { ids, pairs };
}

async function loadBatch(
  ctx: SyncContext,
  type: Due,
  { ids, pairs }: Batch,
  landed: Map<string, number>,
): Promise<LinkTally> {
  const { objectType, windows, incomplete } = type;
  const failed = new Set(pairs.flatMap((pair) => pair.failed));
  for (const pair of pairs) if (pair.failed.length > 0) incomplete.add(pair.batch.toType);
  const batches = pairs.map((pair) => pair.batch);
  for (const { toType, ids: read } of batches) {
    landed.set(toType, (landed.get(toType) ?? 0) + read.length);
    windows.get(toType)?.window.landed(landed.get(toType) ?? 0);
  }
  const done = ids.filter((id) => !failed.has(id));
  const open = new Set(openTypes(type));
  const skipped = linksOf(objectType)
    .filter((toType) => !open.has(toType))
    .map((toType) => ({ toType, reason: type.refused.get(pairName(objectType, toType)) ?? null }));
  const changed = await loadLinks(ctx, objectType, batches, done, skipped, (toType, count) =>
    windows.get(toType)?.window.versions(count),
  );
  return { read: done.length, changed, failed: failed.size };
}

/** The links of some records to one type; a pair that HubSpot refuses is noted. Answers whose links it could not read, too. */
export async function readPair(
  ctx: SyncContext,
  { fromType, toType }: Pair,
  ids: readonly string[],
  refused: Refused,
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
    refused.set(pairName(fromType, toType), error.message);
    return { batch: { fromType, toType, ids: [], rows: [] }, failed: [] };
  }
}
