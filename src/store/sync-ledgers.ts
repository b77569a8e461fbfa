import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** The ledger of a portal's newest sync. The document's shape belongs to core/sync; here it is kept. */
export async function readSyncLedger(sql: Sql, portal: PortalId): Promise<unknown> {
  const [row] = await sql.query<{ document: unknown }>(
    'select document from holdfast.sync_ledgers where portal_id = $1',
    [portal],
  );
  return row?.document ?? null;
}

export async function saveSyncLedger(
  sql: Sql,
  portal: PortalId,
  document: unknown,
  readAt: Date,
): Promise<void> {
  await sql.query(
    `insert into holdfast.sync_ledgers (portal_id, document, read_at) values ($1, $2::jsonb, $3)
     on conflict (portal_id) do update set document = excluded.document, read_at = excluded.read_at`,
    [portal, JSON.stringify(document), readAt],
  );
}
