import type { PortalId } from '../core/actor.ts';
import type { Store } from './sql.ts';

/**
 * Changes what a portal's processes share of HubSpot's limits, one process at a time. `change` gets what is stored (null the first
 * time) and the store's own time in milliseconds, and answers what to store.
 */
export async function changeHubSpotBudget(
  store: Store,
  portal: PortalId,
  change: (stored: unknown, nowMs: number) => unknown,
): Promise<void> {
  await store.tx(async (sql) => {
    const locked = (): Promise<{ state: unknown; now_ms: number }[]> =>
      sql.query(
        `select state, (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms
         from holdfast.hubspot_budgets where portal_id = $1 for update`,
        [portal],
      );
    let [row] = await locked();
    if (row === undefined) {
      await sql.query(
        `insert into holdfast.hubspot_budgets (portal_id, state, changed_at) values ($1, 'null'::jsonb, now())
         on conflict do nothing`,
        [portal],
      );
      [row] = await locked();
    }
    if (row === undefined) throw new Error('a row that was just made is gone');
    await sql.query(
      `update holdfast.hubspot_budgets set state = $2::jsonb, changed_at = clock_timestamp() where portal_id = $1`,
      [portal, JSON.stringify(change(row.state, row.now_ms))],
    );
  });
}
