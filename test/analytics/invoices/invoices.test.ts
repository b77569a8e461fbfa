import { expect, it } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { accountOf, byKey, dayIn, demoPortal, expectWhole } from '../support/demo-portal.ts';
import type { MartRow } from '../support/run-marts.ts';
import { link, tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

const DAY_MS = 86_400_000;

it('says of the demo portal what its own state says, now and as it was known before an edit', async () => {
  const { state, sync, rows } = await demoPortal();
  const first = await sync();
  const before = byKey(await rows('invoices', first), 'invoice_id');
  expect(before).toEqual(expected(state, dayIn(first.getTime())));
  expectWhole(before, (row) => String(row['invoice_id']), [...state.all('invoices')].length);
  expect(before.some((row) => Number(row['days_late']) > 0 && row['paid'] === null)).toBe(true);

  const unpaid = [...state.all('invoices')].find((one) => one.properties['hf_paid_date'] === undefined);
  const id = unpaid?.id ?? '';
  const paid = dayIn(first.getTime());
  state.update('invoices', id, { hf_paid_date: paid, hs_invoice_status: 'paid', hs_balance_due: '0' });
  const second = await sync();

  const after = byKey(await rows('invoices', second), 'invoice_id');
  expect(after).toEqual(expected(state, dayIn(second.getTime())));
  expect(after.find((row) => row['invoice_id'] === id)).toMatchObject({ paid, status: 'paid', balance: 0 });
  expect(byKey(await rows('invoices', first), 'invoice_id')).toEqual(before);
});

// The same from the fake's state alone.
function expected(state: FakeState, today: string): MartRow[] {
  const late = (due: string, until: string): number => (Date.parse(until) - Date.parse(due)) / DAY_MS;
  const rows = [...state.all('invoices')].map(({ id, properties }) => {
    const { hf_paid_date: paid, hs_due_date: due = '' } = properties;
    const overdue = due < today ? late(due, today) : null;
    return {
      invoice_id: id,
      number: properties['hs_number'] ?? null,
      issued: properties['hs_invoice_date'] ?? null,
      due,
      paid: paid ?? null,
      amount: Number(properties['hs_amount_billed']),
      balance: Number(properties['hs_balance_due']),
      currency: properties['hs_currency'] ?? null,
      status: properties['hs_invoice_status'] ?? null,
      days_late: paid === undefined ? overdue : Math.max(0, late(due, paid)),
      ...accountOf(state, 'invoices', id),
      source: 'invoices',
    };
  });
  return byKey(rows, 'invoice_id');
}

function invoice(id: string, properties: Record<string, string> = {}): TinyRecord {
  return {
    type: 'invoices',
    id,
    properties: {
      hs_invoice_date: '2026-01-01',
      hs_due_date: '2026-01-31',
      hs_invoice_status: 'open',
      hs_amount_billed: '100',
      ...properties,
    },
  };
}

it('counts the days late until payment, or until today once the due day is over', async () => {
  const cases: [string, Record<string, string>, number | null][] = [
    ['paid in time', { hf_paid_date: '2026-01-31', hs_invoice_status: 'paid' }, 0],
    ['paid early', { hf_paid_date: '2026-01-10', hs_invoice_status: 'paid' }, 0],
    ['paid late', { hf_paid_date: '2026-02-03', hs_invoice_status: 'paid' }, 3],
    ['unpaid and overdue', { hs_balance_due: '100' }, 29],
    ['due today', { hs_due_date: '2026-03-01' }, null],
    ['due yesterday', { hs_due_date: '2026-02-28' }, 1],
    ['due later', { hs_due_date: '2026-03-31' }, null],
    ['without a due day', { hs_due_date: '' }, null],
    ['paid without a due day', { hs_due_date: '', hf_paid_date: '2026-02-03' }, null],
    ['paid on a day nobody wrote down', { hs_invoice_status: 'paid' }, null],
    ['nothing left to pay', { hs_balance_due: '0' }, null],
    ['voided', { hs_invoice_status: 'voided' }, null],
    ['a draft', { hs_invoice_status: 'draft' }, null],
  ];
  const { rows } = await tinyMirror({
    records: cases.map(([, properties], n) => invoice(String(100 + n), properties)),
  });
  const found = new Map((await rows('invoices')).map((row) => [row['invoice_id'], row['days_late']]));
  expect(cases.map(([name], n) => [name, found.get(String(100 + n))])).toEqual(
    cases.map(([name, , days]) => [name, days]),
  );
});

it('reaches the account by company, else by contact, and leaves archived invoices out', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1' },
      { type: 'companies', id: '2', properties: { hs_merged_object_ids: '3' } },
      { type: 'contacts', id: '11' },
      invoice('1'),
      invoice('2', { hs_currency: 'usd' }),
      invoice('3'),
      { ...invoice('4'), archived: true },
    ],
    links: [
      link(['contacts', '11'], ['companies', '1'], 1),
      link(['invoices', '1'], ['companies', '3'], 179),
      link(['invoices', '1'], ['contacts', '11'], 177),
      link(['invoices', '2'], ['contacts', '11'], 177),
    ],
  });
  expect(await rows('invoices')).toMatchObject([
    { invoice_id: '1', account_id: '2', via: 'company', currency: 'EUR' },
    { invoice_id: '2', account_id: '1', via: 'contact', currency: 'USD' },
    { invoice_id: '3', account_id: null, via: null },
  ]);
});

it('reads a due moment as the portal’s day', async () => {
  const { rows } = await tinyMirror({
    records: [invoice('1', { hs_due_date: '2026-01-31T23:30:00Z', hf_paid_date: '2026-02-01' })],
  });
  expect(await rows('invoices')).toMatchObject([{ due: '2026-02-01', days_late: 0 }]);
  expect(await rows('invoices', { timeZone: 'America/New_York' })).toMatchObject([
    { due: '2026-01-31', days_late: 1 },
  ]);
});

it('reads imported invoices', async () => {
  const row = (id: string, properties: Record<string, string>): TinyRecord => ({
    type: 'import_invoices',
    id: `i.csv:${id}`,
    properties: { invoice_id: id, issued: '2026-01-01', due: '2026-01-31', amount: '50.25', ...properties },
  });
  const { rows } = await tinyMirror({
    records: [
      { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
      row('1', { account_id: 'A', currency: 'GBP' }),
      row('2', { account_id: 'B', paid: '2026-02-02' }),
    ],
  });
  expect(await rows('invoices')).toMatchObject([
    {
      invoice_id: 'i.csv:1',
      account_id: 'a.csv:A',
      number: '1',
      amount: 50.25,
      balance: 50.25,
      currency: 'GBP',
      status: 'open',
      days_late: 29,
      via: 'account',
      source: 'import',
    },
    {
      invoice_id: 'i.csv:2',
      account_id: null,
      balance: 0,
      currency: 'EUR',
      status: 'paid',
      days_late: 2,
      via: null,
    },
  ]);
});

it('amounts of the accounts and of what reaches none are the amounts of the records, whatever leads there', async () => {
  const { state, sync, rows } = await demoPortal();
  const found = await rows('invoices', await sync());
  const recorded = [...state.all('invoices')].reduce(
    (sum, { properties }) => sum + Number(properties['hs_amount_billed'] ?? 0),
    0,
  );
  const byVia = Map.groupBy(found, (row) => row['via']);
  const total = [...byVia.values()].flat().reduce((sum, row) => sum + Number(row['amount']), 0);
  expect(total).toBeCloseTo(recorded, 2);
  for (const row of found) expect(row['via'] === null).toBe(row['account_id'] === null);
});
