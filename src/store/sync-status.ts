import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** Where a portal's sync stands. The documents' shapes belong to core/sync; here they are kept. */
export interface SyncStatusRow {
  progress: unknown;
  result: unknown;
  startedAt: Date | null;
  finishedAt: Date | null;
  succeededAt: Date | null;
}

export async function readSyncStatus(sql: Sql, portal: PortalId): Promise<SyncStatusRow> {
  const [row] = await sql.query<{
    progress: unknown;
    result: unknown;
    started_at: Date | null;
    finished_at: Date | null;
    succeeded_at: Date | null;
  }>(
    'select progress, result, started_at, finished_at, succeeded_at from holdfast.sync_status where portal_id = $1',
    [portal],
  );
  return {
    progress: row?.progress ?? null,
    result: row?.result ?? null,
    startedAt: row?.started_at ?? null,
    finishedAt: row?.finished_at ?? null,
    succeededAt: row?.succeeded_at ?? null,
  };
}

export async function markSyncStarted(sql: Sql, portal: PortalId, at: Date): Promise<void> {
  await sql.query(
    `insert into holdfast.sync_status (portal_id, started_at) values ($1, $2)
     on conflict (portal_id) do update set started_at = excluded.started_at, progress = null`,
    [portal, at],
  );
}

export async function saveSyncProgress(sql: Sql, portal: PortalId, progress: unknown): Promise<void> {
  await sql.query('update holdfast.sync_status set progress = $2::jsonb where portal_id = $1', [
    portal,
    JSON.stringify(progress),
  ]);
}

/** Ends a run: its result stays for the pages, its progress goes. */
export async function markSyncFinished(
  sql: Sql,
  portal: PortalId,
  at: Date,
  result: unknown,
  succeeded: boolean,
): Promise<void> {
  await sql.query(
    `update holdfast.sync_status set finished_at = $2, result = $3::jsonb, progress = null,
       succeeded_at = case when $4::boolean then $2 else succeeded_at end
     where portal_id = $1`,
    [portal, at, JSON.stringify(result), succeeded],
  );
}
