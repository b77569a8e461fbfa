import { z } from 'zod';
import type { SyncContext } from './context.ts';

const Schema = z.object({ id: z.string(), label: z.string().nullable() });

/** The custom objects that we know of, with what HubSpot calls them. */
export async function knownSchemas(ctx: Pick<SyncContext, 'warehouse'>): Promise<z.output<typeof Schema>[]> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select id, document -> 'labels' ->> 'plural' as label from definitions where kind = 'schema' order by id`,
      )
    ).getRowObjectsJS(),
  );
  return Schema.array().parse(rows);
}

/** Tables that say how complete a type is. */
const VERDICTS = ['sync_counts', 'sync_differences', 'sweeps', 'sweep_seen'] as const;

/** Forgets how complete types are that HubSpot no longer has; what is known of their records stays. */
export async function forgetTypesBut(
  ctx: Pick<SyncContext, 'warehouse'>,
  types: readonly string[],
): Promise<void> {
  await ctx.warehouse.write(async (db) => {
    for (const table of VERDICTS)
      await db.run(
        `delete from ${table} where object_type not in (select unnest(from_json($types, '["VARCHAR"]')))`,
        { types: JSON.stringify(types) },
      );
  });
}
