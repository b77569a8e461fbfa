import type { DuckDBValue } from '@duckdb/node-api';
import { z } from 'zod';
import type { SyncContext } from './context.ts';

type Ledger = Pick<SyncContext, 'warehouse'>;

/** Hands out the next rows of a list, so many at most; none when it has come to its end. */
export type Take = (limit: number) => Promise<Record<string, unknown>[]>;

/**
 * Lists once what a pass has to do, in the order of the column `id`: to look in the tables for each next batch would cost the whole type every
 * time. The list is a temporary table of the writing connection, gone with its last row; one that was left behind is replaced by the next
 * of its name, and a killed process leaves none. What was done is known by the tables that `select` reads, and not by the list.
 */
export async function openWorkList(
  { warehouse }: Ledger,
  name: string,
  select: string,
  values: Record<string, DuckDBValue>,
): Promise<Take> {
  const table = workTable(name);
  await warehouse.alone((db) =>
    db.run(
      `create or replace temp table ${table} as
       select *, row_number() over (order by try_cast(id as hugeint), id) as place from (${select}) order by place`,
      values,
    ),
  );
  let taken = 0;
  let isOver = false;
  return async (limit) => {
    if (isOver) return [];
    return warehouse.alone(async (db) => {
      const page = await db.runAndReadAll(
        `select * exclude (place) from ${table} where place > $taken::bigint and place <= $taken::bigint + $limit::bigint order by place`,
        { taken, limit },
      );
      taken += page.currentRowCount;
      isOver = page.currentRowCount < limit;
      if (isOver) await db.run(`drop table ${table}`);
      return page.getRowObjectsJS();
    });
  };
}

/** The same of ids alone. */
export async function openIdList(
  ctx: Ledger,
  name: string,
  select: string,
  values: Record<string, DuckDBValue>,
): Promise<(limit: number) => Promise<string[]>> {
  const take = await openWorkList(ctx, name, select, values);
  return async (limit) => (await take(limit)).map((row) => Id.parse(row).id);
}

const Id = z.object({ id: z.string() });

/** The name of a temporary table for a purpose, as it stands in a statement: names of record types come from HubSpot. */
export function workTable(name: string): string {
  return `"work: ${name.replaceAll('"', '""')}"`;
}
