import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { buildMarts } from '../../src/warehouse/build.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { median, round, type BenchRow } from './row.ts';

const ACCOUNTS = 100_000;
const YEARS = 5;
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
    await warehouse.write(makeRecords);
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

async function makeRecords(db: DuckDBConnection): Promise<void> {
  const object = (type: string, id: string, properties: string, from: string): string => `
    insert into objects by name
    select '${type}' as object_type, (${id})::varchar as id, timestamptz '2026-02-01' as known_from,
      timestamptz '2021-01-01' as created_at, timestamptz '2026-01-01' as updated_at, false as archived, null::timestamptz as archived_at,
      ${properties} as properties, md5((${id})::varchar) as content_hash
    from ${from}`;
  const accounts = `range(${ACCOUNTS}) a(n)`;
  const terms = `range(${ACCOUNTS}) a(n), range(${YEARS}) y(k)`;
  const start = `(date '2021-03-01' + (n % 365)::integer + to_years(k))::date`;
  await db.run(
    object(
      'companies',
      '1000000000 + n',
      `json_object('name', 'Company ' || n, 'domain', 'c' || n || '.example', 'lifecyclestage', 'customer', 'hf_notice_days', '60', 'hf_contract_value', '12000', 'hf_plan', 'Growth')`,
      accounts,
    ),
  );
  await db.run(
    object(
      'deals',
      `2000000000 + n * ${YEARS} + k`,
      `json_object('dealname', 'Deal', 'hs_is_closed_won', 'true', 'hf_motion', if(k = 0, 'new', 'renewal'), 'deal_currency_code', 'USD', 'amount', '12000', 'hf_term_start', ${start}::varchar)`,
      terms,
    ),
  );
  await db.run(
    object(
      'line_items',
      `3000000000 + n * ${YEARS} + k`,
      `json_object('amount', (1000 + 50 * k)::varchar, 'recurringbillingfrequency', 'monthly', 'hs_recurring_billing_start_date', ${start}::varchar, 'hs_recurring_billing_end_date', ((${start} + to_years(1))::date - 1)::varchar, 'hs_line_item_currency_code', 'USD', 'hs_product_id', '9001')`,
      terms,
    ),
  );
  const link = (fromType: string, fromId: string, toType: string, toId: string, typeId: number): string => `
    insert into associations by name
    select '${fromType}' as from_type, (${fromId})::varchar as from_id, '${toType}' as to_type, (${toId})::varchar as to_id,
      'HUBSPOT_DEFINED' as category, ${typeId} as type_id, null::varchar as label, timestamptz '2026-02-01' as known_from
    from ${terms}`;
  await db.run(link('deals', `2000000000 + n * ${YEARS} + k`, 'companies', '1000000000 + n', 5));
  await db.run(
    link('line_items', `3000000000 + n * ${YEARS} + k`, 'deals', `2000000000 + n * ${YEARS} + k`, 20),
  );
}
