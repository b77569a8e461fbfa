import { currentSnapshot, type SnapshotPointer } from '../../store/snapshots.ts';
import { readSyncStatus } from '../../store/sync-status.ts';
import { secondsSinceWorker } from '../../store/workers.ts';
import { getPortal } from '../../store/portals.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import { SyncResult } from '../sync/progress.ts';
import { isSkewed, refusesCard, skewSentence } from './clock-skew.ts';
import type { WebContext } from '../web-context.ts';

/** One part of the product and whether it is well. */
export interface Health {
  part: 'store' | 'worker' | 'data' | 'hubspot' | 'warehouse' | 'clock';
  state: 'well' | 'waiting' | 'ill';
  /** which of the things it can be; pages have words of their own for each */
  code: HealthCode;
  /** what a person should know, as a sentence */
  sentence: string;
  /** how long a silent worker has been silent; how much a clock is ahead of HubSpot's, below zero where it is behind */
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
  /** the last sync ended before it was through with HubSpot, and not because of it */
  | 'hubspot_cut_short'
  /** the clock of this computer is not HubSpot's; not said where it matters nothing */
  | 'clock_skewed'
  | SaidCode;

/** Whoever failed gave a sentence of its own: HubSpot or our client, the published file, the warehouse. */
export type SaidCode = 'hubspot_said' | 'data_said' | 'warehouse_said';

/** A worker gives a sign of life every ten seconds. */
const SILENT_SECONDS = 45;

type HealthContext = Pick<WebContext, 'store' | 'snapshots'>;

/** The health of the parts; asking the store is itself the store's check, and reading a row the published file's. */
export async function readHealth(ctx: HealthContext, portal: PortalId | null): Promise<Health[]> {
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

async function portalHealth(ctx: HealthContext, portal: PortalId): Promise<Health[]> {
  const [snapshot, status, facts] = await Promise.all([
    currentSnapshot(ctx.store, portal),
    readSyncStatus(ctx.store, portal),
    getPortal(ctx.store, portal),
  ]);
  const result = SyncResult.safeParse(status.result).data ?? null;
  const data = await dataHealth(ctx, portal, snapshot);
  // The demo's HubSpot has a time of its own, which moves by weeks.
  const clock = facts?.mode === 'demo' ? [] : clockHealth(result?.clockAheadSeconds ?? null);
  if (result?.state !== 'failed' || result.failedAt !== 'warehouse')
    return [data, hubspotHealth(result), ...clock];
  return [data, warehouseHealth(result), cutShort(), ...clock];
}

// What the last sync saw; the next one looks again.
function clockHealth(aheadSeconds: number | null): Health[] {
  if (aheadSeconds === null || !isSkewed(aheadSeconds)) return [];
  const state = refusesCard(aheadSeconds) ? 'ill' : 'waiting';
  const sentence = skewSentence(aheadSeconds, 'last sync');
  return [{ part: 'clock', state, code: 'clock_skewed', sentence, seconds: aheadSeconds }];
}

async function dataHealth(
  ctx: HealthContext,
  portal: PortalId,
  snapshot: SnapshotPointer | null,
): Promise<Health> {
  if (snapshot === null) {
    const sentence = 'Nothing is published yet; the first sync does it.';
    return { part: 'data', state: 'waiting', code: 'data_none', sentence };
  }
  try {
    await ctx.snapshots.check(portal, snapshot.name);
    const sentence = 'The published data can be read.';
    return { part: 'data', state: 'well', code: 'data_published', sentence };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { part: 'data', state: 'ill', code: 'data_said', sentence: error.message };
  }
}

function warehouseHealth({ sentence }: SyncResult): Health {
  return {
    part: 'warehouse',
    state: 'ill',
    code: 'warehouse_said',
    sentence: sentence ?? 'The warehouse could not be written.',
  };
}

function cutShort(): Health {
  const sentence = 'The last sync ended before it was through with HubSpot; the next one goes on.';
  return { part: 'hubspot', state: 'waiting', code: 'hubspot_cut_short', sentence };
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
