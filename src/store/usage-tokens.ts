import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** A token with which a program sends usage; the token itself is kept nowhere. */
export interface UsageToken {
  id: string;
  name: string;
  createdBy: string;
  createdAt: Date;
  usedAt: Date | null;
}

interface TokenRow {
  id: string;
  name: string;
  created_by: string;
  created_at: Date;
  used_at: Date | null;
}

export async function addUsageToken(
  sql: Sql,
  portal: PortalId,
  token: { tokenHash: string; name: string; createdBy: string },
  at: Date,
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into holdfast.usage_tokens (portal_id, token_hash, name, created_by, created_at)
     values ($1, $2, $3, $4, $5) returning id`,
    [portal, token.tokenHash, token.name, token.createdBy, at],
  );
  if (row === undefined) throw new Error('the token was not kept');
  return row.id;
}

/** Those that still let a program in, the oldest first. */
export async function listUsageTokens(sql: Sql, portal: PortalId): Promise<UsageToken[]> {
  const rows = await sql.query<TokenRow>(
    `select id, name, created_by, created_at, used_at from holdfast.usage_tokens
     where portal_id = $1 and revoked_at is null order by created_at, id`,
    [portal],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at,
    usedAt: row.used_at,
  }));
}

/** Ends a token; false when there is none of this portal with that id, or it has ended. */
export async function revokeUsageToken(sql: Sql, portal: PortalId, id: string, at: Date): Promise<boolean> {
  const ended = await sql.query(
    `update holdfast.usage_tokens set revoked_at = $3 where portal_id = $1 and id = $2 and revoked_at is null returning id`,
    [portal, id, at],
  );
  return ended.length === 1;
}

/** Whose token this is; null for a guess and for one that was revoked. The token itself says whose it is. */
export async function findUsageToken(
  sql: Sql,
  tokenHash: string,
): Promise<{ portal: PortalId; id: string; usedAt: Date | null } | null> {
  const [row] = await sql.query<{ portal_id: string; id: string; used_at: Date | null }>(
    'select portal_id, id, used_at from holdfast.usage_tokens where token_hash = $1 and revoked_at is null',
    [tokenHash],
  );
  return row === undefined
    ? null
    : // the token authenticates: this is an edge where a portal id is made
      { portal: row.portal_id as PortalId, id: row.id, usedAt: row.used_at };
}

export async function touchUsageToken(sql: Sql, portal: PortalId, id: string, at: Date): Promise<void> {
  await sql.query('update holdfast.usage_tokens set used_at = $3 where portal_id = $1 and id = $2', [
    portal,
    id,
    at,
  ]);
}
