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

it('finds none in a portal that has only synced', async () => {
  const { sync, rows } = await demoPortal();
  expect(await rows('purchases', await sync())).toEqual([]);
});
