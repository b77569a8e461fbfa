import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** A one-time sign-in link, found by the hash of its token. */
export interface Link {
  portal: PortalId;
  id: string;
  personId: string;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
}

export async function addLink(
  sql: Sql,
  portal: PortalId,
  link: { tokenHash: string; personId: string; createdBy: string; expiresAt: Date },
  at: Date,
): Promise<void> {
  await sql.query(
    `insert into holdfast.links (portal_id, token_hash, person_id, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [portal, link.tokenHash, link.personId, link.createdBy, at, link.expiresAt],
  );
}

/** The one query without a portal: the token itself says whose it is. */
export async function findLink(sql: Sql, tokenHash: string): Promise<Link | null> {
  const [row] = await sql.query<{
    portal_id: string;
    id: string;
    person_id: string;
    expires_at: Date;
    used_at: Date | null;
    revoked_at: Date | null;
  }>(
    'select portal_id, id, person_id, expires_at, used_at, revoked_at from holdfast.links where token_hash = $1',
    [tokenHash],
  );
  if (row === undefined) return null;
  return {
    portal: row.portal_id as PortalId, // the link authenticates: this is an edge where a portal id is made
    id: row.id,
    personId: row.person_id,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  };
}

/** Uses a link up; false when somebody else just did, it expired or it was revoked. */
export async function useLink(sql: Sql, link: Link, at: Date): Promise<boolean> {
  const used = await sql.query(
    `update holdfast.links set used_at = $3
     where portal_id = $1 and id = $2 and used_at is null and revoked_at is null and expires_at > $3 returning id`,
    [link.portal, link.id, at],
  );
  return used.length === 1;
}

/** Revokes a person's unused links, as every new link for them does with the older ones. */
export async function revokeLinksOf(sql: Sql, portal: PortalId, personId: string, at: Date): Promise<void> {
  await sql.query(
    'update holdfast.links set revoked_at = $3 where portal_id = $1 and person_id = $2 and used_at is null and revoked_at is null',
    [portal, personId, at],
  );
}
