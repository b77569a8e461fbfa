import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conventions } from '../../../src/core/reports/conventions.ts';
import { monthsOf, Report, reportOf, type ReportOptions } from '../../../src/core/reports/report.ts';
import { readBook } from '../../../src/warehouse/book.ts';
import { buildMarts } from '../../../src/warehouse/build.ts';
import { demoInputs } from '../../support/book.ts';
import { openBench } from '../../support/sync.ts';

let db: DuckDBConnection;
let instance: DuckDBInstance;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-report-'));
  const bench = await openBench({ accounts: 300, seed: 5 });
  const file = join(folder, 'published.duckdb');
  await bench.sync();
  await bench.warehouse.alone((writer) => buildMarts(writer, demoInputs(bench.clock.now()), file));
  await bench.close();
  instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  db = await instance.connect();
}, 120_000);
afterAll(async () => {
  db.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true, force: true });
});

const asked = (options: Partial<ReportOptions>): ReportOptions => ({
  convention: 'smsb',
  month: null,
  over: 'month',
  ...options,
});

function valueOf(report: Report, id: string): number {
  const value = report.figures.find((figure) => figure.id === id)?.value;
  if (value === null || value === undefined) throw new Error(`${id} is not known`);
  return value;
}

describe('the demo portal', () => {
  it('has every metric of the last month that is over, with what it is made of', async () => {
    const told = await reportOf(db, asked({}));
    expect(Report.parse(told)).toEqual(told);
    expect(told.month).toBe('2026-02-01');
    expect(told.figures.map(({ id }) => id)).toContain('customer_churn');
    for (const figure of told.figures) {
      expect(figure).toMatchObject({ version: 1, asOf: '2026-02-28' });
      if (figure.value !== null) expect(figure.value).toBeCloseTo(figure.numerator / figure.denominator, 12);
      if (figure.interval !== null) {
        expect(figure.interval.low).toBeLessThanOrEqual(figure.value ?? NaN);
        expect(figure.interval.high).toBeGreaterThanOrEqual(figure.value ?? NaN);
      }
    }
  });

  it('keeps the identities in the last months, by the month and by the year', async () => {
    const reports: Report[] = [];
    for (const over of ['month', 'year'] as const)
      for (const month of monthsOf(await readBook(db)).slice(-4))
        reports.push(await reportOf(db, asked({ month: month.slice(0, 7), over })));
    expect(reports).toHaveLength(8);
    for (const report of reports) {
      expect(valueOf(report, 'customer_churn') + valueOf(report, 'customer_retention')).toBeCloseTo(1, 12);
      const [gross, net] = [
        valueOf(report, 'gross_revenue_retention'),
        valueOf(report, 'net_revenue_retention'),
      ];
      expect(gross).toBeLessThanOrEqual(1);
      expect(gross).toBeLessThanOrEqual(net + 1e-12);
    }
  });

  it('can be counted under every convention, and says which', async () => {
    const reports: Report[] = [];
    for (const { id } of conventions()) reports.push(await reportOf(db, asked({ convention: id })));
    expect(reports.map(({ convention }) => convention)).toEqual(conventions().map(({ id }) => id));
    for (const { convention, figures } of reports) {
      expect(figures.find(({ id }) => id === 'customer_churn')).toMatchObject({ convention });
      expect(figures.find(({ id }) => id === 'renewal_rate')).toMatchObject({ convention: 'house' });
    }
  });

  it('refuses what cannot be reported, and says what can', async () => {
    const refusals: [Partial<ReportOptions>, RegExp][] = [
      [{ convention: 'mine' }, /no convention "mine"\. Choose one of smsb, /],
      [{ month: '2026-13' }, /Give a month from \d{4}-\d\d to 2026-02, written as 2026-05/],
      [{ month: '2026-03' }, /to 2026-02/],
      [{ month: '2' }, /written as 2026-05/],
    ];
    for (const [options, sentence] of refusals)
      await expect(reportOf(db, asked(options))).rejects.toThrow(sentence);
  });
});
