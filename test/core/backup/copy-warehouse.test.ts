import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { copyWarehouse } from '../../../src/core/backup/copy-warehouse.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { texts } from '../../support/oracle.ts';
import { PORTAL, syncBench } from '../../support/sync.ts';

it('a backup holds every row of every table of the warehouse, the history of properties and what was read of it too', async () => {
  const bench = await syncBench({ accounts: 6, only: ['companies', 'deals'] });
  const { warehouse } = bench;
  await bench.sync({
    historyOf: () => Promise.resolve({ companies: ['name'], deals: ['amount', 'dealstage'] }),
  });
  const file = join(await temporaryFolder(), 'copy.duckdb');
  await copyWarehouse({ warehouse: () => Promise.resolve(warehouse) }, PORTAL, file);
  const tables = await warehouse.read(async (db) => {
    return texts(
      db,
      `select table_name from duckdb_tables() where database_name = current_database() and not temporary`,
    );
  });
  expect(tables).toEqual(expect.arrayContaining(['property_versions', 'property_history_read']));
  const contents = (name: string): string => `select to_json(t)::varchar from ${name} t order by 1`;
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const copy = await instance.connect();
  for (const name of tables) {
    const [there, here] = [
      (await copy.runAndReadAll(contents(name))).getRowsJS(),
      await warehouse.read(async (db) => (await db.runAndReadAll(contents(name))).getRowsJS()),
    ];
    expect(there, name).toEqual(here);
    if (name.startsWith('property_')) expect(there.length, name).toBeGreaterThan(0);
  }
  copy.closeSync();
  instance.closeSync();
});
