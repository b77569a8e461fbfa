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
     on conflict (portal_id, kind) do update set name = excluded.name, fence = excluded.fence, published_at = excluded.published_at
       where holdfast.snapshots.fence <= excluded.fence
     returning name`,
    [portal, kind, snapshot.name, fence, snapshot.publishedAt],
  );
  if (moved.length === 0)
    throw new AppError(
      'conflict',
      'Another worker has published this portal meanwhile; this run is given up.',
    );
}

export async function currentSnapshot(sql: Sql, portal: PortalId): Promise<SnapshotPointer | null> {
  const [row] = await sql.query<{ name: string; published_at: Date }>(
    `select name, published_at from holdfast.snapshots where portal_id = $1 and kind = 'current'`,
    [portal],
  );
  return row === undefined ? null : { name: row.name, publishedAt: row.published_at };
}
