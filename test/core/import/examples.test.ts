import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import type { ImportResult } from '../../../src/core/import/result.ts';
import { exampleSections, fixture, importBench } from './import-bench.ts';

// The same statements hold on the data sets themselves, where somebody has them: set HOLDFAST_SHARED_DATA to their folder, as CI does.
const shared = process.env['HOLDFAST_SHARED_DATA'];
const SOURCES: readonly [string, (name: string) => string][] = [
  ['a sample', fixture],
  ...(shared === undefined
    ? []
    : [['the whole', (name) => join(shared, name)] as [string, (name: string) => string]]),
];
type Cells = Record<string, string>;

async function cellsOf(folder: string, file: string): Promise<Cells[]> {
  return parse(await readFile(join(folder, file)), { columns: true });
}

it.each(SOURCES)(
  'imports %s of RavenStack with every row accounted for, and names its contradictions',
  async (_, folderOf) => {
    const folder = folderOf('ravenstack');
    const bench = await importBench();
    const sections = await exampleSections('ravenstack');
    const result = await bench.run(sections, folder);
    const [accounts, subscriptions, events, tickets, usage] = await Promise.all(
      ['accounts', 'subscriptions', 'churn_events', 'supports_ticket', 'feature_usage'].map((file) =>
        cellsOf(folder, `${file}.csv`),
      ),
    );
    if (!accounts || !subscriptions || !events || !tickets || !usage) throw new Error('five files were read');
    const answered = tickets.filter((ticket) => ticket['satisfaction_score'] !== '').length;
    const used = sortUsage(usage, subscriptions);
    expect(
      result.files.map(({ kind, read, fresh, merged, skipped, rejected }) => ({
        kind,
        read,
        fresh,
        merged,
        skipped,
        rejected,
      })),
    ).toEqual([
      all('accounts', accounts.length),
      all('contracts', subscriptions.length),
      all('events', events.length),
      all('tickets', tickets.length),
      { ...all('responses', tickets.length), fresh: answered, skipped: tickets.length - answered },
      { ...all('usage', usage.length), ...used },
    ]);
    const eventAccounts = new Set(events.map((event) => event['account_id']));
    const flagged = accounts
      .filter((account) => account['churn_flag'] === 'TRUE')
      .map((account) => account['account_id']);
    const running = new Set(
      subscriptions.filter((one) => one['end_date'] === '').map((one) => one['account_id']),
    );
    const isFlagged = new Set(flagged);
    expect(found(result)).toMatchObject({
      event_without_flag: [...eventAccounts].filter((account) => !isFlagged.has(account)).length,
      flag_without_event: flagged.filter((account) => !eventAccounts.has(account)).length,
      event_but_running: [...eventAccounts].filter((account) => running.has(account)).length,
      flag_but_running: flagged.filter((account) => running.has(account)).length,
      contract_of_no_day: subscriptions.filter((one) => one['end_date'] === one['start_date']).length,
    });
    const again = await bench.run(sections, folder);
    expect(again.total).toMatchObject({ fresh: 0, changed: 0, unchanged: result.total.fresh, kept: 0 });
  },
);

it.each(SOURCES)('imports %s of CDNOW as purchases, with its customers as accounts', async (_, folderOf) => {
  const folder = folderOf('cdnow');
  const bench = await importBench();
  const sections = await exampleSections('cdnow');
  const result = await bench.run(sections, folder);
  const rows = await cellsOf(folder, 'cdnow_sample_transactions.csv');
  const customers = new Set(rows.map((row) => row['sample_id'])).size;
  expect(result.files).toMatchObject([
    { kind: 'accounts', read: rows.length, fresh: customers, merged: rows.length - customers, rejected: 0 },
    { kind: 'purchases', read: rows.length, fresh: rows.length, merged: 0, rejected: 0 },
  ]);
  expect(found(result)).toEqual({
    purchase_of_nothing: rows.filter((row) => Number(row['amount']) === 0).length,
  });
  expect(result.notes).toEqual(['The mapping does not name cdnow_summary.csv; it was not read.']);
  const purchases = await bench.stored('purchases');
  const cents = (amounts: (string | undefined)[]): number =>
    amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
  expect(cents(purchases.map(({ properties }) => properties['amount']))).toBe(
    cents(rows.map((row) => row['amount'])),
  );
  expect((await bench.run(sections, folder)).total).toMatchObject({ fresh: 0, changed: 0 });
});

function all(kind: string, rows: number): Record<string, string | number> {
  return { kind, read: rows, fresh: rows, merged: 0, skipped: 0, rejected: 0 };
}

function found(result: ImportResult): Record<string, number> {
  return Object.fromEntries(result.contradictions.map(({ check, found }) => [check, found]));
}

/** What must become of usage rows: of a known subscription, once an id. */
function sortUsage(usage: readonly Cells[], subscriptions: readonly Cells[]): Record<string, number> {
  const known = new Set(subscriptions.map((one) => one['subscription_id']));
  const first = new Map<string, string>();
  const counts = { fresh: 0, merged: 0, rejected: 0 };
  for (const row of usage) {
    const id = row['usage_id'] ?? '';
    const content = JSON.stringify(row);
    const before = first.get(id);
    if (!known.has(row['subscription_id'])) counts.rejected += 1;
    else if (before === undefined) {
      first.set(id, content);
      counts.fresh += 1;
    } else if (before === content) counts.merged += 1;
    else counts.rejected += 1;
  }
  return counts;
}
