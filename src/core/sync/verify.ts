import type { DuckDBConnection } from '@duckdb/node-api';
import type { CrmObject } from '../hubspot-port.ts';
import { closeObjects, type Leaving } from './close-objects.ts';
import type { SyncContext } from './context.ts';
import { loadObjects } from './load-objects.ts';
import type { TypeRun } from './loader.ts';

/** HubSpot's most ids in one batch read. */
export const BATCH = 100;

/** What HubSpot says of single records, asked for by their ids. */
interface Verdicts {
  /** as they are now, live or in the recycle bin; survivors of merged ones too */
  present: Map<string, CrmObject>;
  gone: Leaving[];
}

/**
 * Asks HubSpot for records by their ids, at most a hundred, and brings what it says into the mirror: one that is live or in the bin
 * gets a version where it differs, one that was merged or is gone for good is closed. `also` goes into the last transaction.
 * Answers how many versions that added or closed.
 */
export async function verifyRecords(
  ctx: SyncContext,
  run: Pick<TypeRun, 'objectType' | 'properties'>,
  ids: readonly string[],
  also?: (db: DuckDBConnection) => Promise<void>,
): Promise<number> {
  const { present, gone } = await ask(ctx, run, ids);
  const added = await loadObjects(ctx, run.objectType, [...present.values()], {});
  return added + (await closeObjects(ctx, run.objectType, gone, also));
}

// A record that is put into the bin or taken out of it between two questions would be in neither answer, so the first is asked again.
async function ask(
  ctx: SyncContext,
  { objectType, properties }: Pick<TypeRun, 'objectType' | 'properties'>,
  ids: readonly string[],
): Promise<Verdicts> {
  const present = new Map<string, CrmObject>();
  const gone = new Map<string, Leaving>();
  let open = [...ids];
  for (const archived of [false, true, false]) {
    if (open.length === 0) break;
    const request = { objectType, properties, archived };
    const read = async (some: readonly string[]): Promise<CrmObject[]> =>
      (await ctx.hubspot.batchRead({ ...request, ids: some }, { signal: ctx.signal })).results;
    const results = await read(open);
    for (const record of results) present.set(record.id, record);
    open = open.filter((id) => !present.has(id));
    const asked = new Set(ids);
    const strangers = results.filter((record) => !asked.has(record.id));
    for (const id of open) {
      const survivor = results.find((record) => mergedInto(record).includes(id));
      if (survivor !== undefined) gone.set(id, { id, reason: 'merged', mergedInto: survivor.id });
    }
    open = open.filter((id) => !gone.has(id));
    // Some answer stands for an id that its own list of merged ids does not name: each of what is left is asked for by itself.
    const unexplained = strangers.some(
      (record) => ![...gone.values()].some((one) => one.mergedInto === record.id),
    );
    for (const id of unexplained ? open : []) {
      const [other] = await read([id]);
      if (other !== undefined && other.id !== id)
        gone.set(id, { id, reason: 'merged', mergedInto: other.id });
    }
    open = open.filter((id) => !gone.has(id));
  }
  for (const id of open) gone.set(id, { id, reason: 'purged', mergedInto: null });
  return { present, gone: [...gone.values()] };
}

function mergedInto({ properties }: CrmObject): string[] {
  return properties['hs_merged_object_ids']?.split(';') ?? [];
}
