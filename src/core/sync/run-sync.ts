import { currentSnapshot, historyFiles, pointHistory, pointSnapshot } from '../../store/snapshots.ts';
import { acquireLease, checkLease, releaseLease, renewLease, type Lease } from '../../store/leases.ts';
import { getPortal, savePortalFacts } from '../../store/portals.ts';
import {
  markSyncFinished,
  markSyncStarted,
  readSyncStatus,
  saveSyncProgress,
} from '../../store/sync-status.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { keepStagedScores, stageScores } from '../../warehouse/health-scores.ts';
import { publishHistory } from '../../warehouse/history.ts';
import { publishSnapshot } from '../../warehouse/publish.ts';
import { historyNames } from '../accounts/history-names.ts';
import { inputsOf } from '../accounts/portal-mapping.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { AccountInfo } from '../hubspot-port.ts';
import { loadSentUsage } from '../usage/load-usage.ts';
import type { SyncContext } from './context.ts';
import { SyncResult, type SyncProgress } from './progress.ts';
import { keepLedger } from './ledger-document.ts';
import { syncPortal } from './sync-portal.ts';

const DAY_MS = 86_400_000;
const LEASE_SECONDS = 60;
const RENEW_MS = 20_000;

export interface RunSyncOptions {
  signal: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
  /** `due` when left out: sweeps those types whose time has come */
  sweep?: SyncContext['sweep'];
}

/**
 * Syncs a portal and publishes what readers may see, as the only one who does: null when another worker is at it. The result is
 * kept for the pages. Until a used-up daily quota is there again it answers the result that says so, and asks HubSpot nothing. Throws AppError `conflict` when the portal went to another worker meanwhile, and what is a fault of ours.
 */
export async function runSync(
  ctx: Context,
  portal: PortalId,
  options: RunSyncOptions,
): Promise<SyncResult | null> {
  const waiting = await waitsForQuota(ctx, portal);
  if (waiting !== null) return waiting;
  const lease = await acquireLease(ctx.store, portal, ctx.holder, LEASE_SECONDS);
  if (lease === null) return null;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    renewLease(ctx.store, lease, LEASE_SECONDS).catch((error: unknown) => lost.abort(error));
  }, RENEW_MS);
  try {
    const signal = AbortSignal.any([options.signal, lost.signal]);
    return await underLease(ctx, lease, { ...options, signal });
  } finally {
    clearInterval(renewing);
    await releaseLease(ctx.store, lease).catch((error: unknown) =>
      ctx.log.warn('a lease could not be given back; it runs out by itself', { portal, error }),
    );
  }
}

async function waitsForQuota(ctx: Context, portal: PortalId): Promise<SyncResult | null> {
  const { result } = await readSyncStatus(ctx.store, portal);
  const last = SyncResult.safeParse(result).data ?? null;
  if (last === null || last.resumesAt === null || ctx.clock.now() >= new Date(last.resumesAt)) return null;
  const { resumesAt, sentence } = last;
  ctx.log.info('a sync waits for the daily quota of HubSpot', { portal, resumesAt });
  return {
    ...failedResult(ctx, ctx.clock.now(), null),
    state: 'stopped',
    failedAt: null,
    sentence,
    resumesAt,
  };
}

async function underLease(ctx: Context, lease: Lease, options: RunSyncOptions): Promise<SyncResult> {
  const { portal } = lease;
  const startedAt = ctx.clock.now();
  await markSyncStarted(ctx.store, portal, startedAt);
  const progress = keepProgress(ctx, portal, options.onProgress);
  try {
    const warehouse = await ctx.warehouse(portal);
    warehouse.setFence(() => checkLease(ctx.store, lease));
    if (ctx.demo?.portal === portal) await ctx.demo.arrive(options.signal);
    const result = await syncPortal({
      hubspot: await ctx.hubspot(portal),
      warehouse,
      clock: ctx.clock,
      portalClock: await ctx.portalClock(portal),
      log: ctx.log.child({ portal }),
      appId: ctx.hubspotAppId,
      signal: options.signal,
      sweep: options.sweep ?? 'due',
      onProgress: progress.tell,
      onAccount: (account) => acceptAccount(ctx, portal, account),
      historyOf: () => historyNames(ctx, portal, warehouse),
      failpoint: ctx.failpoint,
    });
    if (await isWorthPublishing(ctx, portal, result)) {
      progress.publishing();
      await publish(ctx, warehouse, lease);
    }
    await progress.settled();
    await keepLedger(ctx, portal, warehouse);
    await keepResult(ctx, portal, result);
    return result;
  } catch (error) {
    await progress.settled();
    if (error instanceof AppError && error.code === 'conflict' && /another worker/i.test(error.message))
      throw error;
    if (error instanceof AppError && error.code === 'unavailable') await ctx.dropWarehouse(portal);
    const result = options.signal.aborted
      ? stoppedResult(ctx, startedAt)
      : failedResult(ctx, startedAt, error);
    await keepResult(ctx, portal, result);
    if (result.state === 'failed' && !(error instanceof AppError)) throw error;
    return result;
  }
}

// A first sync that brought nothing leaves the page at "nothing yet", which an empty company list would belie.
async function isWorthPublishing(ctx: Context, portal: PortalId, result: SyncResult): Promise<boolean> {
  if (result.state === 'complete' || result.types.some((type) => type.changed > 0)) return true;
  return (await currentSnapshot(ctx.store, portal)) !== null;
}

/** Publishes the portal's warehouse as it stands and points readers at it; then what the months gained. */
export async function publish(ctx: Context, warehouse: Warehouse, lease: Lease): Promise<void> {
  const now = await currentSnapshot(ctx.store, lease.portal);
  await loadSentUsage(ctx, warehouse);
  const inputs = await inputsOf(ctx, lease.portal, warehouse);
  const published = await publishSnapshot(warehouse, {
    at: ctx.clock.now(),
    keep: now?.name ?? null,
    inputs: { ...inputs, isPassing: isPassing(ctx, lease.portal) },
    use: stageScores,
    failpoint: ctx.failpoint,
  });
  await pointSnapshot(ctx.store, lease.portal, 'current', published, lease.fence);
  ctx.failpoint('snapshot-pointed');
  await keepStagedScores(warehouse, inputs.knownAt);
  await publishHistory(warehouse, {
    pointed: await historyFiles(ctx.store, lease.portal),
    before: monthBeingLived(ctx, lease.portal),
    point: (file) =>
      pointHistory(ctx.store, lease.portal, { ...file, publishedAt: ctx.clock.now() }, lease.fence),
    failpoint: ctx.failpoint,
  });
}

// A week that a demo lives on its way to today is looked at for seconds only.
function isPassing({ demo, clock }: Context, portal: PortalId): boolean {
  if (demo?.portal !== portal || demo.isFollowing()) return false;
  return clock.now().getTime() - demo.clock.now().getTime() > DAY_MS;
}

// A demo that catches up learns something of its month every few seconds: that month is written when it is over.
function monthBeingLived(ctx: Context, portal: PortalId): string | null {
  if (ctx.demo?.portal !== portal || ctx.demo.isFollowing()) return null;
  return ctx.demo.clock.now().toISOString().slice(0, 7);
}

// A token of another portal would mix two companies' customers in one warehouse.
async function acceptAccount(ctx: Context, id: PortalId, account: AccountInfo): Promise<void> {
  const portal = await getPortal(ctx.store, id);
  const known = portal?.hubspotPortalId ?? null;
  if (known !== null && known !== String(account.portalId)) {
    throw new AppError(
      'invalid',
      `The access token belongs to HubSpot portal ${account.portalId}, but this Holdfast holds portal ${known}. Set the token of portal ${known}, or set DATA_DIR to a new folder for the other portal. Nothing was changed.`,
    );
  }
  await savePortalFacts(ctx.store, id, {
    hubspotPortalId: account.portalId,
    timeZone: account.timeZone,
    currency: account.companyCurrency,
    uiDomain: account.uiDomain,
  });
}

interface KeptProgress {
  tell: (progress: SyncProgress) => void;
  publishing(): void;
  /** resolves when nothing is being written any more */
  settled(): Promise<void>;
}

// One write at a time, always of the newest: a slow store must not pile up old progress.
function keepProgress(
  ctx: Context,
  portal: PortalId,
  onProgress: ((progress: SyncProgress) => void) | undefined,
): KeptProgress {
  let newest: SyncProgress | null = null;
  let unsaved = false;
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (unsaved) {
      unsaved = false;
      await saveSyncProgress(ctx.store, portal, newest).catch((error: unknown) =>
        ctx.log.warn('the progress of a sync could not be kept', { portal, error }),
      );
    }
    writing = null;
  };
  const tell = (progress: SyncProgress): void => {
    newest = progress;
    unsaved = true;
    onProgress?.(progress);
    writing ??= write();
  };
  return {
    tell,
    publishing: () => {
      if (newest !== null) tell({ ...newest, phase: 'publishing' });
    },
    settled: () => writing ?? Promise.resolve(),
  };
}

async function keepResult(ctx: Context, portal: PortalId, result: SyncResult): Promise<void> {
  const at = new Date(result.finishedAt);
  await markSyncFinished(ctx.store, portal, at, result, result.state === 'complete');
  const { run, state, requests, retries, sentence } = result;
  ctx.log.info('a sync ended', { portal, run, state, requests, retries, sentence });
}

function stoppedResult(ctx: Context, startedAt: Date): SyncResult {
  return {
    ...failedResult(ctx, startedAt, null),
    state: 'stopped',
    failedAt: null,
    sentence: 'The sync was stopped; the next one goes on from here.',
  };
}

function failedResult(ctx: Context, startedAt: Date, error: unknown): SyncResult {
  return {
    run: 'none',
    state: 'failed',
    sentence:
      error instanceof AppError
        ? error.message
        : 'The sync met a fault of Holdfast; its log says which. What was read before is safe.',
    failedAt: failurePart(error),
    resumesAt: null,
    types: [],
    associations: { read: 0, changed: 0, failed: 0, skipped: [] },
    refused: [],
    clockAheadSeconds: null,
    requests: 0,
    retries: 0,
    startedAt: startedAt.toISOString(),
    finishedAt: ctx.clock.now().toISOString(),
  };
}

// What HubSpot refuses ends inside the sync, with a result; these two come from the warehouse's file and its disk.
function failurePart(error: unknown): SyncResult['failedAt'] {
  if (!(error instanceof AppError)) return 'holdfast';
  return error.code === 'unavailable' || error.code === 'conflict' ? 'warehouse' : 'hubspot';
}
