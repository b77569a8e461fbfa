import { AppError } from '../core/errors.ts';
import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

export interface Lease {
  portal: PortalId;
  holder: string;
  /** grows with every new holder; a write with an older one is refused */
  fence: string;
}

/** Takes a portal for one holder; null while somebody else has it. The store's own clock decides. */
export async function acquireLease(
  sql: Sql,
  portal: PortalId,
  holder: string,
  seconds: number,
): Promise<Lease | null> {
  const [row] = await sql.query<{ fence: string }>(
    `insert into holdfast.leases (portal_id, holder, fence, expires_at)
     values ($1, $2, 1, now() + make_interval(secs => $3::double precision))
     on conflict (portal_id) do update
       set holder = excluded.holder, fence = holdfast.leases.fence + 1, expires_at = excluded.expires_at
       where holdfast.leases.holder is null or holdfast.leases.holder = excluded.holder or holdfast.leases.expires_at < now()
     returning fence`,
    [portal, holder, seconds],
  );
  return row === undefined ? null : { portal, holder, fence: row.fence };
}

/** Keeps a lease for longer; throws AppError `conflict` when it went to somebody else. */
export async function renewLease(sql: Sql, lease: Lease, seconds: number): Promise<void> {
  const kept = await sql.query(
    `update holdfast.leases set expires_at = now() + make_interval(secs => $4::double precision)
     where portal_id = $1 and holder = $2 and fence = $3 returning portal_id`,
    [lease.portal, lease.holder, lease.fence, seconds],
  );
  if (kept.length === 0) throw lost();
}

/** Asked before every commit to the warehouse: throws AppError `conflict` when the lease is no longer ours. */
export async function checkLease(sql: Sql, lease: Lease): Promise<void> {
  const [row] = await sql.query(
    `select 1 from holdfast.leases where portal_id = $1 and holder = $2 and fence = $3 and expires_at > now()`,
    [lease.portal, lease.holder, lease.fence],
  );
  if (row === undefined) throw lost();
}

/** Who has the portal at this moment; null for nobody. */
export async function leaseHolder(sql: Sql, portal: PortalId): Promise<string | null> {
  const [row] = await sql.query<{ holder: string | null }>(
    'select holder from holdfast.leases where portal_id = $1 and expires_at > now()',
    [portal],
  );
  return row?.holder ?? null;
}

export async function releaseLease(sql: Sql, lease: Lease): Promise<void> {
  await sql.query(
    'update holdfast.leases set holder = null where portal_id = $1 and holder = $2 and fence = $3',
    [lease.portal, lease.holder, lease.fence],
  );
}

function lost(): AppError {
  return new AppError(
    'conflict',
    'Another worker has taken over this portal; this run is given up and its place kept.',
  );
}
