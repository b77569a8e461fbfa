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
  /** which of the things it can be; pages have words of their own for each */
  code: HealthCode;
  /** what a person should know, as a sentence */
  sentence: string;
  /** how long a silent worker has been silent */
  seconds?: number;
}

export type HealthCode =
  | 'store_silent'
  | 'store_embedded'
  | 'store_postgres'
  | 'worker_starting'
  | 'worker_silent'
  | 'worker_alive'
  | 'data_none'
  | 'data_published'
  | 'hubspot_unread'
  | 'hubspot_complete'
  /** HubSpot, or our client, gave a sentence of its own */
  | 'hubspot_said';

/** A worker gives a sign of life every ten seconds. */
const SILENT_SECONDS = 45;

/** The health of the parts; asking the store is itself the store's check. */
export async function readHealth(ctx: Pick<WebContext, 'store'>, portal: PortalId | null): Promise<Health[]> {
  let silence: number | null;
  try {
    silence = await secondsSinceWorker(ctx.store);
  } catch {
    return [
      {
        part: 'store',
        state: 'ill',
        code: 'store_silent',
        sentence: 'The operational store does not answer.',
      },
    ];
  }
  const parts = [storeHealth(ctx.store.engine), workerHealth(silence)];
  return portal === null ? parts : [...parts, ...(await portalHealth(ctx, portal))];
}

function storeHealth(engine: 'pglite' | 'postgres'): Health {
  if (engine === 'postgres')
    return { part: 'store', state: 'well', code: 'store_postgres', sentence: 'PostgreSQL answers.' };
  return {
    part: 'store',
    state: 'well',
    code: 'store_embedded',
    sentence:
      'Embedded store: survives a crash of the program, not a power cut. Set DATABASE_URL for PostgreSQL.',
  };
}

function workerHealth(silence: number | null): Health {
  if (silence === null) {
    return { part: 'worker', state: 'waiting', code: 'worker_starting', sentence: 'The worker is starting.' };
  }
  if (silence <= SILENT_SECONDS)
    return { part: 'worker', state: 'well', code: 'worker_alive', sentence: 'The worker is alive.' };
  const seconds = Math.round(silence);
  const sentence = `The worker has been silent for ${seconds} seconds. Look at its log.`;
  return { part: 'worker', state: 'ill', code: 'worker_silent', sentence, seconds };
}

async function portalHealth(ctx: Pick<WebContext, 'store'>, portal: PortalId): Promise<Health[]> {
  const [snapshot, status] = await Promise.all([
    currentSnapshot(ctx.store, portal),
    readSyncStatus(ctx.store, portal),
  ]);
  const result = SyncResult.safeParse(status.result).data ?? null;
  const data: Health =
    snapshot === null
      ? {
          part: 'data',
          state: 'waiting',
          code: 'data_none',
          sentence: 'Nothing is published yet; the first sync does it.',
        }
      : {
          part: 'data',
          state: 'well',
          code: 'data_published',
          sentence: 'The published data can be read.',
        };
  return [data, hubspotHealth(result)];
}

function hubspotHealth(result: SyncResult | null): Health {
  if (result === null) {
    const sentence = 'HubSpot has not been read yet.';
    return { part: 'hubspot', state: 'waiting', code: 'hubspot_unread', sentence };
  }
  if (result.state === 'complete') {
    const sentence = 'The last sync brought everything HubSpot lets us read.';
    return { part: 'hubspot', state: 'well', code: 'hubspot_complete', sentence };
  }
  const sentence = result.sentence ?? 'The last sync did not end well.';
  return {
    part: 'hubspot',
    state: result.state === 'stopped' ? 'waiting' : 'ill',
    code: 'hubspot_said',
    sentence,
  };
}
