import { currentSnapshot } from '../../store/snapshots.ts';
import { readSyncStatus } from '../../store/sync-status.ts';
import { secondsSinceWorker } from '../../store/workers.ts';
import type { PortalId } from '../actor.ts';
import { SyncResult } from '../sync/progress.ts';
import type { WebContext } from '../web-context.ts';

/** One part of the product and whether it is well. */
export interface Health {
  part: 'store' | 'worker' | 'data' | 'hubspot';
  state: 'well' | 'waiting' | 'ill';
  /** what a person should know, as a sentence */
  sentence: string;
}

/** A worker gives a sign of life every ten seconds. */
const SILENT_SECONDS = 45;

/** The health of the parts; asking the store is itself the store's check. */
export async function readHealth(ctx: Pick<WebContext, 'store'>, portal: PortalId | null): Promise<Health[]> {
  let silence: number | null;
  try {
    silence = await secondsSinceWorker(ctx.store);
  } catch {
    return [{ part: 'store', state: 'ill', sentence: 'The operational store does not answer.' }];
  }
  const store: Health = {
    part: 'store',
    state: 'well',
    sentence:
      ctx.store.engine === 'pglite'
        ? 'Embedded store: survives a crash of the program, not a power cut. Set DATABASE_URL for PostgreSQL.'
        : 'PostgreSQL answers.',
  };
  const worker: Health =
    silence === null
      ? { part: 'worker', state: 'waiting', sentence: 'The worker is starting.' }
      : silence > SILENT_SECONDS
        ? { part: 'worker', state: 'ill', sentence: `The worker has been silent for ${Math.round(silence)} seconds. Look at its log.` }
        : { part: 'worker', state: 'well', sentence: 'The worker is alive.' };
  return portal === null ? [store, worker] : [store, worker, ...(await portalHealth(ctx, portal))];
}

async function portalHealth(ctx: Pick<WebContext, 'store'>, portal: PortalId): Promise<Health[]> {
  const [snapshot, status] = await Promise.all([currentSnapshot(ctx.store, portal), readSyncStatus(ctx.store, portal)]);
  const result = SyncResult.safeParse(status.result).data ?? null;
  const data: Health =
    snapshot === null
      ? { part: 'data', state: 'waiting', sentence: 'Nothing is published yet; the first sync does it.' }
      : { part: 'data', state: 'well', sentence: 'The published data can be read.' };
  const hubspot: Health =
    result === null
      ? { part: 'hubspot', state: 'waiting', sentence: 'HubSpot has not been read yet.' }
      : result.state === 'complete'
        ? { part: 'hubspot', state: 'well', sentence: 'The last sync brought everything HubSpot lets us read.' }
        : { part: 'hubspot', state: result.state === 'stopped' ? 'waiting' : 'ill', sentence: result.sentence ?? 'The last sync did not end well.' };
  return [data, hubspot];
}
