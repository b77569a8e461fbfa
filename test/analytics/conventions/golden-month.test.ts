import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { churnOf } from '../../../src/core/reports/churn.ts';
import { conventionOf, type Measure } from '../../../src/core/reports/conventions.ts';
import { GOLDEN_MONTH, loadSteps } from './steps.ts';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await loadSteps(GOLDEN_MONTH, { today: '2026-07-31' });
});
afterAll(() => db.closeSync());

async function june(convention: string, measure: Measure): Promise<number | null | undefined> {
  const [figure] = await churnOf(db, measure, conventionOf(convention)[measure], ['2026-06-01']);
  return figure?.value;
}

// metrics.md, section 5: the printed table.
it.each([
  ['smsb', 9 / 100],
  ['smsb_notice', 10 / 100],
  ['chartmogul', 9 / 100],
  ['chartmogul_scheduled', 10 / 100],
  ['customer_days', (11 * 30) / 3157],
  ['customer_days_notice', (12 * 30) / 3152],
  ['stripe', 12 / 120],
  ['profitwell', 10 / 100],
  ['baremetrics', 12 / 100],
])('customer churn of %s', async (convention, expected) => {
  expect(await june(convention, 'customer_churn')).toBeCloseTo(expected, 12);
});

it.each([
  ['chartmogul_daily', 0.105],
  ['chartmogul_daily_scheduled', 0.114],
])('customer churn of %s, as printed', async (convention, expected) => {
  expect(await june(convention, 'customer_churn')).toBeCloseTo(expected, 3);
});

it.each([
  ['smsb', 0.1, 0.06],
  ['smsb_notice', 0.11, 0.07],
  ['chartmogul', 0.12, 0.07],
  ['chartmogul_scheduled', 0.13, 0.08],
  ['baremetrics', 0.13, 0.08],
])('gross and net revenue churn of %s', async (convention, gross, net) => {
  expect(await june(convention, 'gross_revenue_churn')).toBeCloseTo(gross, 12);
  expect(await june(convention, 'net_revenue_churn')).toBeCloseTo(net, 12);
});
