import type { PortalId, Role } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** A live session together with the person it belongs to. */
export interface SessionRow {
  portal: PortalId;
  id: string;
  csrfToken: string;
  personId: string;
  personName: string;
  role: Role;
  seenAt: Date;
  /** the sender's browser, as it named itself */
  device: string;
  /** the portal and person that somebody changed over from; null for who signed in here */
  from: { portal: PortalId; personId: string } | null;
}

export interface SessionListRow {
  id: string;
  device: string;
  created_at: Date;
  seen_at: Date;
}

export async function addSession(
  sql: Sql,
  portal: PortalId,
  session: {
    tokenHash: string;
    csrfToken: string;
    personId: string;
    device: string;
    expiresAt: Date;
    from?: { portal: PortalId; personId: string } | null;
  },
  at: Date,
): Promise<void> {
  await sql.query(
    `insert into holdfast.sessions
       (portal_id, token_hash, csrf_token, person_id, device, created_at, seen_at, expires_at, from_portal_id, from_person_id)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)`,
    [
      portal,
      session.tokenHash,
      session.csrfToken,
      session.personId,
      session.device,
      at,
      session.expiresAt,
      session.from?.portal ?? null,
      session.from?.personId ?? null,
    ],
  );
}

/**
 * The live session with this token: not ended, not past its end, seen since `idleSince`, its person not removed. One that was opened from
 * another portal lives only while its person is an admin there.
 */
export async function findSession(
  sql: Sql,
  tokenHash: string,
  at: Date,
  idleSince: Date,
): Promise<SessionRow | null> {
  const [row] = await sql.query<{
    portal_id: string;
    id: string;
    csrf_token: string;
    person_id: string;
    name: string;
    role: Role;
    seen_at: Date;
    device: string;
    from_portal_id: string | null;
    from_person_id: string | null;
  }>(
    `select s.portal_id, s.id, s.csrf_token, s.person_id, p.name, p.role, s.seen_at, s.device, s.from_portal_id, s.from_person_id
     from holdfast.sessions s
     join holdfast.people p on p.portal_id = s.portal_id and p.id = s.person_id and p.removed_at is null
     where s.token_hash = $1 and s.ended_at is null and s.expires_at > $2 and s.seen_at > $3
       and (s.from_portal_id is null or exists (
         select 1 from holdfast.people origin
         where origin.portal_id = s.from_portal_id and origin.id = s.from_person_id and origin.role = 'admin' and origin.removed_at is null
       ))`,
    [tokenHash, at, idleSince],
  );
  if (row === undefined) return null;
  return {
    portal: row.portal_id as PortalId, // the session authenticates: this is an edge where a portal id is made
    id: row.id,
    csrfToken: row.csrf_token,
    personId: row.person_id,
    personName: row.name,
    role: row.role,
    seenAt: row.seen_at,
    device: row.device,
    from:
      row.from_portal_id === null || row.from_person_id === null
        ? null
        : { portal: row.from_portal_id as PortalId, personId: row.from_person_id }, // kept when the session was opened
  };
}

/** When a session ends in any case. */
export async function sessionExpiry(sql: Sql, portal: PortalId, id: string): Promise<Date> {
  const [row] = await sql.query<{ expires_at: Date }>(
    'select expires_at from holdfast.sessions where portal_id = $1 and id = $2',
    [portal, id],
  );
  if (row === undefined) throw new Error('the session is gone');
  return row.expires_at;
}

export async function touchSession(sql: Sql, portal: PortalId, id: string, at: Date): Promise<void> {
  await sql.query('update holdfast.sessions set seen_at = $3 where portal_id = $1 and id = $2', [
    portal,
    id,
    at,
  ]);
}

export function listSessions(
  sql: Sql,
  portal: PortalId,
  personId: string,
  at: Date,
  idleSince: Date,
): Promise<SessionListRow[]> {
  return sql.query<SessionListRow>(
    `select id, device, created_at, seen_at from holdfast.sessions
     where portal_id = $1 and person_id = $2 and ended_at is null and expires_at > $3 and seen_at > $4
     order by seen_at desc`,
    [portal, personId, at, idleSince],
  );
}

/** Ends one session of a person, or all of them when no id is given. */
export async function endSessions(
  sql: Sql,
  portal: PortalId,
  personId: string,
  id: string | null,
  at: Date,
): Promise<void> {
  await sql.query(
    `update holdfast.sessions set ended_at = $4
     where portal_id = $1 and person_id = $2 and ($3::uuid is null or id = $3::uuid) and ended_at is null`,
    [portal, personId, id, at],
  );
}

/** After a restore: ends every session and every unused link, in every portal. */
export async function endEverything(sql: Sql, at: Date): Promise<void> {
  await sql.query('update holdfast.sessions set ended_at = $1 where ended_at is null', [at]);
  await sql.query('update holdfast.links set revoked_at = $1 where used_at is null and revoked_at is null', [
    at,
  ]);
}
