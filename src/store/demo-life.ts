import { z } from 'zod';
import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

const KEY = 'demo_life';
const Moment = z.iso.datetime();

/** How far the demo portal has lived. Moments are the portal's own time, but for `weekMs`. */
export const DemoLife = z.object({
  /** where its life begins, and the day on which it was first started */
  begins: Moment,
  anchor: Moment,
  /** the last moment that was lived to the end; null before the first */
  reached: Moment.nullable(),
  /** the moment being lived: the mirror may know of it already */
  heading: Moment.nullable(),
  /** it follows the real clock */
  isCaughtUp: z.boolean(),
  /** how long a week takes to live, in real ms; null before the second */
  weekMs: z.number().nullable(),
});
export type DemoLife = z.output<typeof DemoLife>;

/** Null for a portal that never began to live: any but the demo, or one that an older Holdfast made. */
export async function readDemoLife(sql: Sql, portal: PortalId): Promise<DemoLife | null> {
  const [row] = await sql.query<{ value: unknown }>(
    'select value from holdfast.settings where portal_id = $1 and key = $2',
    [portal, KEY],
  );
  return row === undefined ? null : (DemoLife.safeParse(row.value).data ?? null);
}

/** Kept beside the settings, but nobody sets it: it is no decision of a person and has no audit entry. */
export async function saveDemoLife(sql: Sql, portal: PortalId, life: DemoLife): Promise<void> {
  await sql.query(
    `insert into holdfast.settings (portal_id, key, value, updated_by) values ($1, $2, $3::jsonb, 'demo')
     on conflict (portal_id, key) do update set value = excluded.value, updated_at = now()`,
    [portal, KEY, JSON.stringify(life)],
  );
}
