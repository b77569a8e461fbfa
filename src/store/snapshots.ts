import { AppError } from '../core/errors.ts';
import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

export interface SnapshotPointer {
  name: string;
  publishedAt: Date;
}

/**
 * Points readers at a newly published file. A worker whose lease went to another meanwhile has a smaller fence and is
 * refused with AppError `conflict`.
 */
export async function pointSnapshot(
  sql: Sql,
  portal: PortalId,
  kind: 'current',
  snapshot: SnapshotPointer,
  fence: string,
): Promise<void> {
  const moved = await sql.query(
    `insert into holdfast.snapshots (portal_id, kind, name, fence, published_at) values ($1, $2, $3, $4, $5)
     on conflict (portal_id, kind, month) do update set name = excluded.name, fence = excluded.fence, published_at = excluded.published_at
       where holdfast.snapshots.fence <= excluded.fence
     returning name`,
    [portal, kind, snapshot.name, fence, snapshot.publishedAt],
  );
  if (moved.length === 0) throw publishedByAnother();
}

function publishedByAnother(): AppError {
  return new AppError(
    'conflict',
    'Another worker has published this portal meanwhile; this run is given up.',
  );
}

/** Which file holds what a month brought. */
export interface HistoryPointer extends SnapshotPointer {
  /** as 2026-03, in UTC */
  month: string;
  /** how many versions the month had gained when the file was written */
  versions: number;
}

/** Points readers at the new file of a month; refuses as `pointSnapshot` does. */
export async function pointHistory(
  sql: Sql,
  portal: PortalId,
  file: HistoryPointer,
  fence: string,
): Promise<void> {
  const moved = await sql.query(
    `insert into holdfast.snapshots (portal_id, kind, month, name, versions, fence, published_at)
     values ($1, 'history', $2, $3, $4, $5, $6)
     on conflict (portal_id, kind, month) do update set name = excluded.name, versions = excluded.versions, fence = excluded.fence,
       published_at = excluded.published_at
       where holdfast.snapshots.fence <= excluded.fence
     returning name`,
    [portal, file.month, file.name, file.versions, fence, file.publishedAt],
  );
  if (moved.length === 0) throw publishedByAnother();
}

/** The newest file of each month, in their order: together they hold the whole mirror. */
export async function historyFiles(sql: Sql, portal: PortalId): Promise<HistoryPointer[]> {
  const rows = await sql.query<{ month: string; name: string; versions: string; published_at: Date }>(
    `select month, name, versions::text as versions, published_at from holdfast.snapshots
     where portal_id = $1 and kind = 'history' order by month`,
    [portal],
  );
  return rows.map(({ month, name, versions, published_at: publishedAt }) => ({
    month,
    name,
    versions: Number(versions),
    publishedAt,
  }));
}

export async function currentSnapshot(sql: Sql, portal: PortalId): Promise<SnapshotPointer | null> {
  const [row] = await sql.query<{ name: string; published_at: Date }>(
    `select name, published_at from holdfast.snapshots where portal_id = $1 and kind = 'current'`,
    [portal],
  );
  return row === undefined ? null : { name: row.name, publishedAt: row.published_at };
}
