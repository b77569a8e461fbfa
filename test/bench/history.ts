import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { publishHistory } from '../../src/warehouse/history.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { round, type BenchRow } from './row.ts';

const RECORDS = 40_000;
/** each record changes once in each of these months */
const MONTHS = 6;

/**
 * What a version of a record takes in the history files, published after half a year in which each of forty thousand line items changed once a
 * month; beside the text of its properties. The versions are made in DuckDB, which is not timed.
 */
export async function measureHistory(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
  try {
    const textBytes = await warehouse.write(makeVersions);
    const begin = performance.now();
    const files = await publishHistory(warehouse, { pointed: [], point: () => Promise.resolve() });
    const seconds = (performance.now() - begin) / 1000;
    const sizes = await Promise.all(
      files.map(async ({ name }) => (await stat(join(warehouse.folder, name))).size),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const versions = RECORDS * (MONTHS + 1);
    return [
      {
        name: 'history.bytes_per_version',
        value: round(bytes / versions, 1),
        unit: 'bytes',
        baseline: round(textBytes / versions, 1),
      },
      {
        name: 'history.versions_per_second',
        value: round(versions / seconds, 0),
        unit: 'versions/s',
        baseline: null,
      },
    ];
  } finally {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Answers how long the texts of all versions are together. */
async function makeVersions(db: DuckDBConnection): Promise<number> {
  await db.run(`
    create temp table made as
    select
      'line_items' as object_type,
      (3000000000 + n)::varchar as id,
      (timestamptz '2026-01-05' + to_months(k::integer) + to_minutes(n % 30000))::timestamptz as known_from,
      timestamptz '2021-01-01' as created_at,
      known_from as updated_at,
      false as archived,
      null::timestamptz as archived_at,
      json_object(
        'amount', (1000 + (n * 37 + k * 50) % 9000)::varchar,
        'createdate', '2021-01-01T09:00:00.000Z',
        'hs_lastmodifieddate', strftime(known_from, '%Y-%m-%dT%H:%M:%S.000Z'),
        'hs_line_item_currency_code', 'USD',
        'hs_object_id', (3000000000 + n)::varchar,
        'hs_product_id', (9000 + n % 40)::varchar,
        'hs_recurring_billing_end_date', (date '2026-03-01' + (n % 365)::integer + to_years(1))::date::varchar,
        'hs_recurring_billing_start_date', (date '2026-03-01' + (n % 365)::integer)::varchar,
        'name', 'Plan ' || (n % 40),
        'quantity', (1 + (n + k) % 20)::varchar,
        'recurringbillingfrequency', 'monthly'
      ) as properties,
      md5(n || '|' || k) as content_hash,
      if(k = ${MONTHS}, null, (timestamptz '2026-01-05' + to_months(k::integer + 1) + to_minutes(n % 30000))::timestamptz) as known_to
    from range(${RECORDS}) records(n), range(${MONTHS} + 1) months(k)`);
  await db.run('insert into object_versions by name from made where known_to is not null');
  await db.run('insert into objects by name select * exclude (known_to) from made where known_to is null');
  const reader = await db.runAndReadAll('select sum(strlen(properties::varchar))::double from made');
  const bytes = Number(reader.value(0, 0));
  await db.run('drop table made');
  return bytes;
}
