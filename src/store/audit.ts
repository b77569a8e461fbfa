import { createHash } from 'node:crypto';
import type { Actor, PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

export interface AuditEntry {
  /** what was done, as verb and noun: `people.invite` */
  action: string;
  /** the id it was done to */
  subject?: string;
  /** ids, names of settings, counts; never answers, tokens or addresses */
  details?: Record<string, string | number | boolean | null>;
}

export interface AuditRow {
  seq: string;
  at: Date;
  actor: string;
  via: string;
  action: string;
  subject: string | null;
  details: Record<string, unknown>;
  hash: string;
}

const FIRST_HASH = '0'.repeat(64);

/** Appends to the portal's trail; belongs in the transaction of the write it tells of. */
export async function appendAudit(
  sql: Sql,
  actor: Omit<Actor, 'role'> & Partial<Pick<Actor, 'role'>>,
  at: Date,
  entry: AuditEntry,
): Promise<void> {
  // Locking the portal's row puts concurrent writers in line, so that each sees the hash before its own.
  await sql.query('select id from holdfast.portals where id = $1 for update', [actor.portal]);
  const [last] = await sql.query<{ seq: string; hash: string }>(
    'select seq, hash from holdfast.audit where portal_id = $1 order by seq desc limit 1',
    [actor.portal],
  );
  const row = {
    seq: String(BigInt(last?.seq ?? '0') + 1n),
    at,
    actor: actor.user,
    via: actor.via,
    action: entry.action,
    subject: entry.subject ?? null,
    details: entry.details ?? {},
  };
  await sql.query(
    `insert into holdfast.audit (portal_id, seq, at, actor, via, action, subject, details, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)`,
    [
      actor.portal,
      row.seq,
      row.at,
      row.actor,
      row.via,
      row.action,
      row.subject,
      JSON.stringify(row.details),
      chain(last?.hash ?? FIRST_HASH, row),
    ],
  );
}

/** The newest entries first. */
export function listAudit(sql: Sql, portal: PortalId, limit: number): Promise<AuditRow[]> {
  return sql.query<AuditRow>(
    `select seq, at, actor, via, action, subject, details, hash from holdfast.audit
     where portal_id = $1 order by seq desc limit $2`,
    [portal, limit],
  );
}

/** The first entry whose hash does not follow from the one before it; null when the trail is whole. */
export async function findBrokenAudit(sql: Sql, portal: PortalId): Promise<string | null> {
  const rows = await sql.query<AuditRow>(
    'select seq, at, actor, via, action, subject, details, hash from holdfast.audit where portal_id = $1 order by seq',
    [portal],
  );
  let previous = FIRST_HASH;
  let expected = 1n;
  for (const row of rows) {
    if (BigInt(row.seq) !== expected || chain(previous, row) !== row.hash) return row.seq;
    previous = row.hash;
    expected += 1n;
  }
  return null;
}

function chain(previous: string, row: Omit<AuditRow, 'hash'>): string {
  const details = Object.entries(row.details).toSorted(([a], [b]) => (a < b ? -1 : 1)); // jsonb keeps no order
  const text = JSON.stringify([
    previous,
    row.seq,
    row.at.toISOString(),
    row.actor,
    row.via,
    row.action,
    row.subject,
    details,
  ]);
  return createHash('sha256').update(text).digest('hex');
}
