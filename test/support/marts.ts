import type { BuildInputs } from '../../src/warehouse/build.ts';
import { buildMarts } from '../../src/warehouse/build.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';

export type MartRow = Record<string, unknown>;

/** Builds the marts in memory and answers the rows of a statement over them; dates and decimals as text. */
export async function martRows(warehouse: Warehouse, inputs: BuildInputs, sql: string): Promise<MartRow[]> {
  let rows: MartRow[] = [];
  await warehouse.alone((db) =>
    buildMarts(db, inputs, ':memory:', async () => {
      rows = (await db.runAndReadAll(sql)).getRowObjectsJson();
    }),
  );
  return rows;
}
