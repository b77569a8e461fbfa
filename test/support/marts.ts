import type { BuildInputs } from '../../src/warehouse/build.ts';
import { buildMarts, createMart, marts, prepareStaging, setInputs } from '../../src/warehouse/build.ts';
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

/** The rows of a few marts in their order, without the cost of all others: what they build on is built too. */
export function someMarts(
  warehouse: Warehouse,
  inputs: BuildInputs,
  names: readonly string[],
): Promise<Record<string, MartRow[]>> {
  return warehouse.alone(async (db) => {
    await setInputs(db, inputs);
    await prepareStaging(db);
    const found: Record<string, MartRow[]> = {};
    const built: string[] = [];
    try {
      for (const mart of marts()) {
        if (names.every((name) => name in found)) break;
        await createMart(db, mart, `temp table ${mart.name}`);
        built.push(mart.name);
        if (names.includes(mart.name))
          found[mart.name] = (await db.runAndReadAll(`from temp.${mart.name}`)).getRowObjectsJson();
      }
    } finally {
      for (const name of built) await db.run(`drop table temp.${name}`);
    }
    return found;
  });
}
