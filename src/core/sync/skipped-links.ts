import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { SyncContext } from './context.ts';

/** A kind of link: from records of one type to records of another. */
export interface Pair {
  fromType: string;
  toType: string;
}

/** Links to a type that are left out, and why, as a sentence; null where the type itself cannot be read. */
export interface Skipped {
  toType: string;
  reason: string | null;
}

const Row = z.object({ from_type: z.string(), to_type: z.string() });

/** Notes, in the transaction that takes records off the list of those due, which of their links were left out, in place of what was noted. */
export async function noteSkipped(
  db: DuckDBConnection,
  fromType: string,
  skipped: readonly Skipped[],
): Promise<void> {
  for (const { toType, reason } of skipped) {
    const pair = { from_type: fromType, to_type: toType };
    await db.run('delete from association_skipped where from_type = $from_type and to_type = $to_type', pair);
    await db.run(
      `insert into association_skipped by name
       select $from_type as from_type, $to_type as to_type, $reason::varchar as reason`,
      { ...pair, reason },
    );
  }
}

/** The pairs of which links are missing. */
export async function skippedPairs(ctx: SyncContext): Promise<Pair[]> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll('select distinct from_type, to_type from association_skipped order by all')
    ).getRowObjectsJS(),
  );
  return Row.array()
    .parse(rows)
    .map((row) => ({ fromType: row.from_type, toType: row.to_type }));
}

/** Some live records of a type, to try with whether HubSpot lets us read their links; none where there is none. */
export async function anyRecords(ctx: SyncContext, objectType: string, most: number): Promise<string[]> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select id from objects where object_type = $object_type and not archived limit $most',
        { object_type: objectType, most },
      )
    ).getRowObjectsJS(),
  );
  return rows.map((row) => z.object({ id: z.string() }).parse(row).id);
}

/** Makes every live record of the type due again: the links it lacks can be read now. */
export async function putBack(ctx: SyncContext, { fromType, toType }: Pair): Promise<void> {
  await ctx.warehouse.write(async (db) => {
    await db.run(
      'insert into association_due select object_type, id from objects where object_type = $object_type and not archived',
      { object_type: fromType },
    );
    await db.run('delete from association_skipped where from_type = $from_type and to_type = $to_type', {
      from_type: fromType,
      to_type: toType,
    });
  });
}
