import { listPortals } from '../../store/portals.ts';
import { readSyncStatus, type SyncStatusRow } from '../../store/sync-status.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { SyncResult } from './progress.ts';

const MINUTE_MS = 60_000;

/** The portals whose sync should start now: never synced, cut off, or older than the interval; a used-up quota is waited out. */
export async function portalsDue(
  ctx: Pick<Context, 'store' | 'clock'>,
  everyMinutes: number,
): Promise<PortalId[]> {
  const now = ctx.clock.now();
  const due: PortalId[] = [];
  for (const portal of await listPortals(ctx.store)) {
    if (portal.mode === 'import') continue; // there is no HubSpot to ask
    if (isDue(await readSyncStatus(ctx.store, portal.id), now, everyMinutes)) due.push(portal.id);
  }
  return due;
}

/** A run that never ended was cut off, or still runs, and one that was stopped goes on at once: asking for it again does no harm. */
export function isDue(
  status: Pick<SyncStatusRow, 'startedAt' | 'finishedAt' | 'result'>,
  now: Date,
  everyMinutes: number,
): boolean {
  const { startedAt, finishedAt } = status;
  if (startedAt === null || finishedAt === null || finishedAt < startedAt) return true;
  const result = SyncResult.safeParse(status.result).data ?? null;
  const resumesAt = result?.resumesAt ?? null;
  if (resumesAt !== null && now < new Date(resumesAt)) return false;
  if (result?.state === 'stopped') return true; // told to stop, or the quota is there again
  return now.getTime() - startedAt.getTime() >= everyMinutes * MINUTE_MS;
}
