import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { prepareByUs } from '../../src/warehouse/by-us.ts';

it('what carries the number of our app is ours, what carries another or none is not, and without our number nobody knows', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  await prepareByUs(db);
  const rows = await db.runAndReadAll(
    `select source_id, app_id, is_by_us(source_id, app_id)
     from (values ('4711', '4711'), ('4712', '4711'), (null, '4711'), ('4711', null), (null, null)) told(source_id, app_id)`,
  );
  expect(rows.getRowsJS()).toEqual([
    ['4711', '4711', true],
    ['4712', '4711', false],
    [null, '4711', false],
    ['4711', null, null],
    [null, null, null],
  ]);
  db.closeSync();
  instance.closeSync();
});
