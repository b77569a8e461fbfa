import type { Actor, PortalId } from '../core/actor.ts';
import { readSetting, type OutgoingKind } from './settings.ts';
import type { Sql } from './sql.ts';

export type OutboxState = 'held' | 'pending' | 'sending' | 'sent' | 'failed' | 'parked';

export interface OutboxRow {
  id: string;
  kind: OutgoingKind;
  target: string;
  payload: Record<string, unknown>;
  idempotency_key: string;
  state: OutboxState;
  attempts: number;
  next_at: Date;
  last_error: string | null;
  created_at: Date;
}

export interface Outgoing {
  kind: OutgoingKind;
  /** where it goes, as an id: `companies/123`, `person/…` */
  target: string;
  payload: Record<string, unknown>;
  /** the same key twice is the same action once */
  idempotencyKey: string;
}

const COLUMNS =
  'id, kind, target, payload, idempotency_key, state, attempts, next_at, last_error, created_at';
const PARK_AFTER_ATTEMPTS = 8;
const FIRST_RETRY_MS = 60_000;
const SENDING_EXPIRES_MS = 10 * 60_000;

/**
 * Puts an action into the outbox, in the caller's transaction. It is `held` ("would have") while safe mode is on,
 * everything is paused, or its kind is not switched on; nothing that was held is ever sent later by itself.
 */
export async function enqueueOutgoing(
  sql: Sql,
  actor: Actor,
  at: Date,
  outgoing: Outgoing,
  options: { safeMode: boolean },
): Promise<OutboxState> {
  const kinds = await readSetting(sql, actor.portal, 'outgoing');
  const paused = await readSetting(sql, actor.portal, 'outgoing_paused');
  const state = options.safeMode || paused || kinds[outgoing.kind] === undefined ? 'held' : 'pending';
  const [row] = await sql.query<{ state: OutboxState }>(
    `insert into holdfast.outbox
       (portal_id, kind, target, payload, idempotency_key, state, next_at, created_by, created_at, updated_at)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $7, $7)
     on conflict (portal_id, idempotency_key) do update set idempotency_key = excluded.idempotency_key
     returning state`,
    [
      actor.portal,
      outgoing.kind,
      outgoing.target,
      JSON.stringify(outgoing.payload),
      outgoing.idempotencyKey,
      state,
      at,
      actor.user,
    ],
  );
  if (row === undefined) throw new Error('the outbox kept no row');
  return row.state;
}

/** Takes the due rows of a portal for sending; a row whose sender vanished is due again after ten minutes. */
export function claimOutgoing(sql: Sql, portal: PortalId, at: Date, limit: number): Promise<OutboxRow[]> {
  return sql.query<OutboxRow>(
    `update holdfast.outbox set state = 'sending', attempts = attempts + 1, updated_at = $2, next_at = $3
     where (portal_id, id) in (
       select portal_id, id from holdfast.outbox
       where portal_id = $1 and state in ('pending', 'failed', 'sending') and next_at <= $2
       order by next_at limit $4 for update skip locked)
     returning ${COLUMNS}`,
    [portal, at, new Date(at.getTime() + SENDING_EXPIRES_MS), limit],
  );
}

export async function markSent(sql: Sql, portal: PortalId, id: string, at: Date): Promise<void> {
  await sql.query(
    `update holdfast.outbox set state = 'sent', last_error = null, updated_at = $3 where portal_id = $1 and id = $2`,
    [portal, id, at],
  );
}

/** Puts a row back with a pause that doubles, and parks it for a person to look at after eight attempts. */
export async function markFailed(
  sql: Sql,
  portal: PortalId,
  row: { id: string; attempts: number },
  at: Date,
  error: string,
): Promise<void> {
  const parked = row.attempts >= PARK_AFTER_ATTEMPTS;
  await sql.query(
    `update holdfast.outbox set state = $3, last_error = $4, next_at = $5, updated_at = $6 where portal_id = $1 and id = $2`,
    [
      portal,
      row.id,
      parked ? 'parked' : 'failed',
      error,
      new Date(at.getTime() + FIRST_RETRY_MS * 2 ** Math.max(0, row.attempts - 1)),
      at,
    ],
  );
}

/** Rows of a portal, newest first, for the page that shows what left and what would have. */
export function listOutgoing(sql: Sql, portal: PortalId, limit: number): Promise<OutboxRow[]> {
  return sql.query<OutboxRow>(
    `select ${COLUMNS} from holdfast.outbox where portal_id = $1 order by created_at desc, id limit $2`,
    [portal, limit],
  );
}

/** How many rows are in each state. */
export async function countOutgoing(
  sql: Sql,
  portal: PortalId,
): Promise<Partial<Record<OutboxState, number>>> {
  const rows = await sql.query<{ state: OutboxState; n: number }>(
    'select state, count(*)::integer as n from holdfast.outbox where portal_id = $1 group by state',
    [portal],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}

/** After a restore: holds everything back that had not left, in every portal. */
export async function holdAllOutgoing(sql: Sql): Promise<void> {
  await sql.query(
    `update holdfast.outbox set state = 'held' where state in ('pending', 'sending', 'failed')`,
  );
  await sql.query(`delete from holdfast.settings where key = 'outgoing'`);
}
