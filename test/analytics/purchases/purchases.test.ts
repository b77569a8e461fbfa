import { expect, it } from 'vitest';
import { demoPortal, expectWhole } from '../support/demo-portal.ts';
import { tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

function purchase(id: string, properties: Record<string, string>): TinyRecord {
  return { type: 'import_purchases', id: `p.csv:${id}`, properties: { day: '2026-01-31', ...properties } };
}

it('gives each imported purchase one row with its account, and keeps those without one', async () => {
  const records = [
    { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
    // a second file names the same account: no purchase may count twice
    { type: 'import_accounts', id: 'b.csv:A', properties: { account_id: 'A' } },
    purchase('1', { account_id: 'A', amount: '11.77', currency: 'usd', units: '1' }),
    purchase('2', { account_id: 'A', amount: '-5', units: '2' }),
    purchase('3', { account_id: 'B', amount: 'free' }),
    { ...purchase('4', { account_id: 'A', amount: '1000' }), archived: true },
  ];
  const mirror = await tinyMirror({ records });
  const rows = await mirror.rows('purchases');
  expectWhole(rows, (row) => String(row['purchase_id']), 3);
  expect(rows).toEqual([
    {
      purchase_id: 'p.csv:1',
      account_id: 'a.csv:A',
      day: '2026-01-31',
      amount: 11.77,
      currency: 'USD',
      units: 1,
      source: 'import',
    },
    {
      purchase_id: 'p.csv:2',
      account_id: 'a.csv:A',
      day: '2026-01-31',
      amount: -5,
      currency: 'EUR',
      units: 2,
      source: 'import',
    },
    {
      purchase_id: 'p.csv:3',
      account_id: null,
      day: '2026-01-31',
      amount: null,
      currency: 'EUR',
      units: null,
      source: 'import',
    },
  ]);
});

it('amounts of the accounts and of rows without one are the amounts of the file', async () => {
  const amounts = ['10.10', '20.20', '-5.05', '0', '7.77'];
  const records = [
    { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
    { type: 'import_accounts', id: 'a.csv:B', properties: { account_id: 'B' } },
    ...amounts.map((amount, n) =>
      purchase(String(n), { account_id: ['A', 'B', 'nobody'][n % 3] ?? '', amount }),
    ),
  ];
  const rows = await (await tinyMirror({ records })).rows('purchases');
  expectWhole(rows, (row) => String(row['purchase_id']), amounts.length);
  const sums = [...Map.groupBy(rows, (row) => row['account_id'])].map(
    ([account, list]) => [account, list.reduce((sum, row) => sum + Number(row['amount']), 0)] as const,
  );
  expect(new Map(sums.map(([account, sum]) => [account, Number(sum.toFixed(2))]))).toEqual(
    new Map<string | null, number>([
      ['a.csv:A', 10.1],
      ['a.csv:B', 27.97],
      [null, -5.05],
    ]),
  );
});

it('finds none in a portal that has only synced', async () => {
  const { sync, rows } = await demoPortal();
  expect(await rows('purchases', await sync())).toEqual([]);
});
