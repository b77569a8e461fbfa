import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { FILES, SECTIONS } from '../../core/import/contradicting-files.ts';
import { exampleSections, fixture, importBench } from '../../core/import/import-bench.ts';
import { demoInputs } from '../../support/book.ts';
import { martRows, someMarts, type MartRow } from '../../support/marts.ts';
import { syncBench } from '../../support/sync.ts';

const PLAIN = { version: 1, accounts: { flag_values: [] } };
const DAY_MS = 86_400_000;
const EXAMPLE = new URL('../../../docs/examples/ravenstack.mapping.json', import.meta.url);
const shared = process.env['HOLDFAST_SHARED_DATA'];
const ravenstack = shared === undefined ? fixture('ravenstack') : join(shared, 'ravenstack');

async function cellsOf(file: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(ravenstack, file)), { columns: true });
}

// dd-MM-yyyy
function dayOf(text = ''): number {
  return Date.parse(text.split('-').toReversed().join('-'));
}

/** The kinds that the marts tell of contracts of every source; contracts/ tests them. */
const OF_CONTRACTS = `('no_rule_covers', 'end_before_start', 'no_day', 'missing_start', 'missing_value', 'negative_value', 'churned_but_served')`;

it('lists each contradiction of imported rows as a finding with its account, its record and what is there', async () => {
  const bench = await importBench();
  for (const [file, content] of Object.entries(FILES)) await bench.put(file, content);
  await bench.run(SECTIONS);
  const rows = await martRows(
    bench.warehouse,
    demoInputs(bench.clock.now(), PLAIN),
    `select problem, account_id, record_id, evidence, record_type from problems where problem not in ${OF_CONTRACTS}
     order by problem, record_id, evidence`,
  );
  expect(new Set(rows.map((row) => row['record_type']))).toEqual(new Set(['import']));
  expect(
    rows.map((row) => [row['problem'], row['account_id'], row['record_id'], row['evidence']].join(' | ')),
  ).toEqual([
    'churn_event_unconfirmed | accounts:eventOnly | events:early | churn event on 2022-12-31, but no contract ends near it and one runs today',
    'churn_event_unconfirmed | accounts:gone | events:unconfirmed | churn event on 2024-03-03, but no contract ends within 30 days of it',
    'churn_flag_without_date | accounts:gone | accounts:gone | flagged as churned, but no churn date',
    'dates_out_of_order | accounts:eventOnly | contracts:eventRuns | contract starts 2022-02-01, account created 2023-01-01',
    'dates_out_of_order | accounts:gone | contracts:goneEnded | used on 2023-01-31, starts 2023-02-01',
    'dates_out_of_order | accounts:gone | contracts:goneEnded | used on 2024-02-01, ended 2024-02-01',
    'dates_out_of_order | accounts:eventOnly | events:early | churn event on 2022-12-31, account created 2023-01-01',
    'dates_out_of_order | accounts:sound | invoices:dueEarly | issued 2024-01-10, due 2024-01-09',
    'dates_out_of_order | accounts:sound | invoices:paidEarly | issued 2024-01-10, paid 2024-01-09',
    'dates_out_of_order | accounts:sound | tickets:wrong | opened 2024-01-02 00:00:00+00, closed 2024-01-01 00:00:00+00',
    'flag_and_events_differ | accounts:eventOnly | accounts:eventOnly | has a churn event, and is not flagged as churned',
    'flag_and_events_differ | accounts:flaggedOnly | accounts:flaggedOnly | flagged as churned, and no churn event says so',
    'unknown_parent | accounts:eventOnly | accounts:eventOnly | names the parent nobody, which is no account',
    'unlikely_value | accounts:sound | contracts:free | value 0, and not marked as a trial',
    'unlikely_value | accounts:sound | contracts:paidTrial | a trial of value 5.00',
    'unlikely_value | accounts:sound | purchases:p0 | a purchase of 0',
    'unlikely_value | accounts:sound | purchases:refund | a purchase of -5.00',
    'unlikely_value | accounts:sound | responses:c6 | score 6.0, scale 1.0 to 5.0',
    'unlikely_value | accounts:sound | responses:n11 | score 11.0, scale 0.0 to 10.0',
    'unlikely_value | accounts:sound | responses:silent | an answer without a score',
  ]);
});

it('lists of a synced portal the churn dates that no end confirms and the reasons without a date', async () => {
  const bench = await syncBench({ accounts: 30 });
  const { state } = bench.fake;
  await bench.sync();
  const told = async (): Promise<{ accounts: MartRow[]; evidence: Map<string, unknown> }> => {
    const { accounts = [], problems = [] } = await someMarts(bench.warehouse, demoInputs(bench.clock.now()), [
      'accounts',
      'problems',
    ]);
    const evidence = problems
      .filter((row) => row['record_id'] === row['account_id'])
      .map((row) => [`${String(row['problem'])} ${String(row['account_id'])}`, row['evidence']] as const);
    return { accounts, evidence: new Map(evidence) };
  };
  const before = await told();
  const dates = (row: MartRow, column: string): number => Date.parse(String(row[column]));
  const left = before.accounts.find(
    (row) =>
      row['status'] === 'former' &&
      Math.abs(dates(row, 'served_to') - dates(row, 'recorded_churn_date')) <= 30 * DAY_MS,
  );
  const runs = before.accounts.find(
    (row) => row['status'] === 'customer' && row['recorded_churn_date'] === null,
  );
  const leaver = String(left?.['account_id']);
  const customer = String(runs?.['account_id']);
  expect(before.evidence.has(`churn_date_unconfirmed ${leaver}`)).toBe(false);
  expect(before.evidence.has(`churn_flag_without_date ${customer}`)).toBe(false);
  await bench.clock.advance(60_000);
  state.update('companies', leaver, { hf_churn_date: '2015-06-01' });
  state.update('companies', customer, { hf_churn_reason: 'price' });
  await bench.sync();
  const { evidence } = await told();
  expect(evidence.get(`churn_date_unconfirmed ${leaver}`)).toBe(
    'churn date 2015-06-01, but no contract ends within 30 days of it',
  );
  expect(evidence.get(`churn_flag_without_date ${customer}`)).toBe(
    'has a kind or a reason of churn, but no churn date',
  );
  expect(evidence.get(`churn_flag_but_served ${customer}`)).toBe(
    'has a kind or a reason of churn, but a contract runs',
  );
}, 120_000);

it('lists what RavenStack’s flags and events claim against its subscriptions', async () => {
  const bench = await importBench();
  await bench.run(await exampleSections('ravenstack'), ravenstack);
  const rows = await martRows(
    bench.warehouse,
    demoInputs(bench.clock.now(), JSON.parse(await readFile(EXAMPLE, 'utf8'))),
    `select problem, count(*)::integer as found from problems where account_id is not null group by problem`,
  );
  const [accounts, subscriptions, events] = await Promise.all(
    ['accounts', 'subscriptions', 'churn_events'].map((file) => cellsOf(`${file}.csv`)),
  );
  if (!accounts || !subscriptions || !events) throw new Error('three files were read');
  const flagged = accounts.filter((account) => account['churn_flag'] === 'TRUE');
  const withEvent = new Set(events.map((event) => event['account_id']));
  const differ =
    flagged.filter((account) => !withEvent.has(account['account_id'])).length +
    accounts.filter((account) => account['churn_flag'] !== 'TRUE' && withEvent.has(account['account_id']))
      .length;
  const confirmed = events.filter((event) =>
    subscriptions.some(
      (one) =>
        one['account_id'] === event['account_id'] &&
        Math.abs(dayOf(one['end_date']) - dayOf(event['churn_date'])) <= 30 * DAY_MS,
    ),
  ).length;
  expect(Object.fromEntries(rows.map((row) => [row['problem'], row['found']]))).toMatchObject({
    churn_flag_without_date: flagged.length,
    flag_and_events_differ: differ,
    churn_event_unconfirmed: events.length - confirmed,
  });
});
