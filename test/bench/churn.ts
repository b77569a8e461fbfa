import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { churnOf } from '../../src/core/reports/churn.ts';
import { conventions, MEASURES } from '../../src/core/reports/conventions.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { createMart, marts, prepareStaging, setInputs, type Mart } from '../../src/warehouse/build.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { makeBook } from './generated-book.ts';
import { round, type BenchRow } from './row.ts';

const ACCOUNTS = 100_000;
const NOW = new Date('2026-03-01T12:00:00Z');
/** the sixty months to the last whole one */
const MONTHS = Array.from({ length: 60 }, (_, n) =>
  new Date(Date.UTC(2021, 2 + n, 1)).toISOString().slice(0, 10),
);
const COUNTED: ReadonlySet<string> = new Set(['_step_accounts', 'account_steps']);

/**
 * How long it takes to make the account steps anew and to count every measure under every convention for sixty months, for a hundred thousand
 * accounts with five years of contracts, a tenth of which get a notice, an early end or a free term; beside one full scan of the tables that it
 * reads. What lies before the steps is not timed. Memory is the highest of the process while that runs, the tables in memory included.
 */
export async function measureChurn(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const warehouse = await openWarehouse({
    dataDir,
    portal: 'main' as PortalId,
    log: silentLog,
    memoryLimit: '4GB',
  });
  try {
    await warehouse.write((db) => makeBook(db, ACCOUNTS));
    return await warehouse.alone(async (db) => {
      await makeBefore(db);
      const peak = watchMemory();
      const scan = await seconds(() => scanOnce(db));
      const steps = await seconds(async () => {
        for (const mart of marts()) if (COUNTED.has(mart.name)) await make(db, mart);
      });
      const figures = await seconds(() => countAll(db));
      const value = round(steps + figures, 1);
      return [
        { name: 'churn.recompute_seconds', value, unit: 's', baseline: round(scan, 3) },
        { name: 'churn.over_scan', value: round(value / scan, 0), unit: 'times one scan', baseline: 1 },
        { name: 'churn.steps_seconds', value: round(steps, 1), unit: 's', baseline: round(scan, 3) },
        { name: 'churn.peak_rss_mb', value: peak(), unit: 'MB', baseline: null },
      ];
    });
  } finally {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The marts before the steps, with contracts that differ in what conventions differ in. */
async function makeBefore(db: DuckDBConnection): Promise<void> {
  await setInputs(db, demoInputs(NOW));
  await prepareStaging(db);
  for (const mart of marts()) {
    if (COUNTED.has(mart.name)) return;
    await make(db, mart);
    if (mart.name === 'contracts') await mix(db);
  }
}

function make(db: DuckDBConnection, mart: Mart): Promise<void> {
  return createMart(db, mart, `temp table ${mart.name}`);
}

/** Contracts are numbered in a row; which of a hundred one is says what becomes of it. */
async function mix(db: DuckDBConnection): Promise<void> {
  await db.run(`
    update contracts set
      notice_date = case when n in (0, 10, 20, 30, 40) then start_date + 100 end,
      service_end_date = case when n in (0, 10, 20) then start_date + 150 when n in (3, 13) then service_end_date - 20 else service_end_date end,
      mrr = if(n = 7, 0, mrr),
      home_mrr = if(n = 7, 0, home_mrr)
    from (select contract_id, (row_number() over (order by contract_id) * 37) % 100 as n from contracts) numbered
    where numbered.contract_id = contracts.contract_id`);
}

async function countAll(db: DuckDBConnection): Promise<void> {
  for (const convention of conventions())
    for (const measure of MEASURES) await churnOf(db, measure, convention[measure], MONTHS);
}

async function scanOnce(db: DuckDBConnection): Promise<void> {
  await db.runAndReadAll(
    `select count(distinct account_id), min(start_date), max(service_end_date), max(notice_date), sum(mrr), sum(home_mrr), max(currency),
      max(line), max(term_months), max(paused_from), max(paused_to) from contracts`,
  );
}

/** Answers how to ask for the highest resident memory since, in MB. */
function watchMemory(): () => number {
  let highest = process.memoryUsage.rss();
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 50);
  return () => {
    clearInterval(timer);
    return Math.round(highest / 1e6);
  };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
