import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { buildMarts } from '../../src/warehouse/build.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { makeBook } from './generated-book.ts';
import { median, round, type BenchRow } from './row.ts';

const ACCOUNTS = 100_000;
const ROUNDS = 3;
const NOW = new Date('2026-03-01T12:00:00Z');

/**
 * How long it takes to make every mart anew for a hundred thousand accounts with five years of yearly contracts (a deal and a line item each),
 * beside one full scan of the same tables. The records are made in DuckDB, which is not timed.
 */
export async function measureMarts(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const warehouse = await openWarehouse({
    dataDir,
    portal: 'main' as PortalId,
    log: silentLog,
    memoryLimit: '4GB',
  });
  try {
    await warehouse.write((db) => makeBook(db, ACCOUNTS));
    const rebuild: number[] = [];
    const scan: number[] = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      scan.push(await seconds(() => fullScan(warehouse)));
      rebuild.push(await seconds(() => rebuildOnce(warehouse, join(dataDir, `marts-${n}.duckdb`))));
    }
    const baseline = round(median(scan), 3);
    const value = round(median(rebuild), 2);
    return [
      { name: 'marts.rebuild_seconds', value, unit: 's', baseline },
      {
        name: 'marts.over_scan',
        value: round(median(rebuild) / median(scan), 1),
        unit: 'times one scan',
        baseline: 1,
      },
    ];
  } finally {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function rebuildOnce(warehouse: Warehouse, file: string): Promise<void> {
  await warehouse.alone((db) => buildMarts(db, demoInputs(NOW), file));
  await rm(file, { force: true });
}

async function fullScan(warehouse: Warehouse): Promise<void> {
  await warehouse.read(async (db) => {
    await db.runAndReadAll(
      'select object_type, count(*), sum(length(properties::varchar)) from objects group by all',
    );
    await db.runAndReadAll(
      'select from_type, count(*), sum(length(from_id) + length(to_id)) from associations group by all',
    );
  });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
