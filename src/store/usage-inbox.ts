import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** What an account used of a feature on a day, as a program said it. */
export interface UsageRow {
  account: string;
  /** 2026-01-31 */
  day: string;
  feature: string;
  count: number | null;
  activeUsers: number | null;
}

/** Keeps rows until the worker has them in the warehouse; call it inside a transaction. */
export async function addToUsageInbox(
  sql: Sql,
  portal: PortalId,
  rows: readonly UsageRow[],
  at: Date,
): Promise<void> {
  await sql.query(
    `insert into holdfast.usage_inbox (portal_id, account, day, feature, count, active_users, received_at)
     select $1, row ->> 'account', (row ->> 'day')::date, row ->> 'feature', (row ->> 'count')::numeric,
       (row ->> 'activeUsers')::bigint, $3
     from jsonb_array_elements($2::jsonb) with ordinality as rows (row, place) order by place`,
    [portal, JSON.stringify(rows), at],
  );
}

/** The rows that have waited longest, in the order in which they came. */
export async function readUsageInbox(
  sql: Sql,
  portal: PortalId,
  most: number,
): Promise<(UsageRow & { seq: string })[]> {
  const rows = await sql.query<{
    seq: string;
    account: string;
    day: string;
    feature: string;
    count: string | null;
    active_users: string | null;
  }>(
    `select seq::text as seq, account, to_char(day, 'YYYY-MM-DD') as day, feature, count::text as count,
       active_users::text as active_users
     from holdfast.usage_inbox where portal_id = $1 order by usage_inbox.seq limit $2`,
    [portal, most],
  );
  return rows.map(({ active_users: users, count, ...row }) => ({
    ...row,
    count: count === null ? null : Number(count),
    activeUsers: users === null ? null : Number(users),
  }));
}

/** Takes the rows away that came up to one. */
export async function clearUsageInbox(sql: Sql, portal: PortalId, upTo: string): Promise<void> {
  await sql.query('delete from holdfast.usage_inbox where portal_id = $1 and seq <= $2', [portal, upTo]);
}

/** Since when the oldest row waits; null where none does. */
export async function usageWaitsSince(sql: Sql, portal: PortalId): Promise<Date | null> {
  const [row] = await sql.query<{ since: Date | null }>(
    'select min(received_at) as since from holdfast.usage_inbox where portal_id = $1',
    [portal],
  );
  return row?.since ?? null;
}

/** What the rows of a batch with this key were, as a hash; null for a new key. */
export async function findUsageBatch(sql: Sql, portal: PortalId, key: string): Promise<string | null> {
  const [row] = await sql.query<{ content_hash: string }>(
    'select content_hash from holdfast.usage_batches where portal_id = $1 and key = $2',
    [portal, key],
  );
  return row?.content_hash ?? null;
}

/** Keeps the key of a batch, and forgets those from before a moment; false when the key is known. Waits for whoever keeps it at this moment. */
export async function addUsageBatch(
  sql: Sql,
  portal: PortalId,
  batch: { key: string; contentHash: string },
  at: Date,
  forgetBefore: Date,
): Promise<boolean> {
  await sql.query('delete from holdfast.usage_batches where portal_id = $1 and received_at < $2', [
    portal,
    forgetBefore,
  ]);
  const added = await sql.query(
    `insert into holdfast.usage_batches (portal_id, key, content_hash, received_at)
     values ($1, $2, $3, $4) on conflict do nothing returning key`,
    [portal, batch.key, batch.contentHash, at],
  );
  return added.length === 1;
}
