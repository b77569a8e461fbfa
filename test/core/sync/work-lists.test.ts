import { expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import type { SyncBench } from '../../support/sync.ts';
import { BEYOND_LAG, caseBench, manyRecords, rowsOf } from './cases/bench.ts';

/** The bench's warehouse, and every statement that is run on it, in one line each. */
function listened({ warehouse }: SyncBench): { warehouse: Warehouse; statements: string[] } {
  const statements: string[] = [];
  const told = (db: DuckDBConnection): DuckDBConnection =>
    new Proxy(db, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (typeof args[0] === 'string') statements.push(args[0].replaceAll(/\s+/g, ' ').trim());
          return Reflect.apply(value, target, args);
        };
      },
    });
  return {
    statements,
    warehouse: {
      ...warehouse,
      read: (work) => warehouse.read((db) => work(told(db))),
      write: (work) => warehouse.write((db) => work(told(db))),
      alone: (work) => warehouse.alone((db) => work(told(db))),
    },
  };
}

const MAP = { companies: ['name'] };

it('what a pass has to do is looked for once, however many batches it takes', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(2600) } });
  const { fake, clock } = bench;
  const first = listened(bench);
  await bench.sync({ warehouse: first.warehouse, historyOf: () => Promise.resolve(MAP) });
  const reading = ({ statements }: { statements: string[] }, what: RegExp): number =>
    statements.filter((one) => what.test(one)).length;
  expect(reading(first, /select distinct id from association_due/)).toBe(1);
  expect(reading(first, /from property_history_read r/)).toBe(1);
  for (let n = 0; n < 450; n += 1) fake.state.purge('companies', String(7000 + n));
  await clock.advance(BEYOND_LAG);
  const second = listened(bench);
  await bench.sync({ warehouse: second.warehouse, sweep: 'all' });
  // the second time finds that nothing is left
  expect(reading(second, /id not in \(select id from sweep_seen/)).toBe(2);
  expect(await bench.disagreements()).toEqual([]);
  expect(
    await bench.warehouse.alone(async (db) =>
      (
        await db.runAndReadAll(
          `select table_name from duckdb_tables() where temporary and table_name like 'work:%'`,
        )
      ).getRowsJS(),
    ),
  ).toEqual([]);
});

const MERGED = `select reason, count(*)::integer from tombstones group by reason`;

it('merged records are looked for among what was loaded, and after a kill among what was loaded before it', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(20) } });
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  const quiet = listened(bench);
  await bench.sync({ warehouse: quiet.warehouse });
  expect(quiet.statements.filter((one) => one.includes('hs_merged_object_ids'))).toEqual([]);
  fake.state.merge('companies', '7001', '7002');
  await clock.advance(BEYOND_LAG);
  const stop = new AbortController();
  const cut = await bench.sync({
    signal: stop.signal,
    failpoint: (step) => {
      if (step === 'segment-committed') stop.abort(new Error('killed'));
    },
  });
  expect(cut.state).toBe('stopped');
  expect(await rowsOf(bench, MERGED)).toEqual([]);
  // Beyond what search is asked for again.
  await clock.advance(3 * BEYOND_LAG);
  await bench.sync({ sweep: 'none' });
  expect(await rowsOf(bench, MERGED)).toEqual([['merged', 1]]);
  expect(await rowsOf(bench, 'from merge_due')).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
});
