import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contract, movementsOf, openBook, type Contract, type Rules } from './book.ts';
import { told } from './told.ts';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

async function tell(contracts: Contract[], rules: Partial<Rules> = {}): Promise<string[]> {
  return told(await movementsOf(db, contracts, rules));
}

const NEW = '2026-01-01 new 100 EUR, 0 to 100, by c1';

it('the first day with value is new, and a contract without an end runs on', async () => {
  expect(await tell([contract()])).toEqual([NEW]);
});

it('the service end day is the first day that is not served: the churn lands on it', async () => {
  expect(await tell([contract({ service_end_date: '2026-03-10' })])).toEqual([
    NEW,
    '2026-03-10 churn -100 EUR, 100 to 0, by c1',
  ]);
});

it('joined and left on one day never counts', async () => {
  expect(await tell([contract({ service_end_date: '2026-01-01' })])).toEqual([]);
  expect(await tell([contract({ service_end_date: '2026-01-02' })])).toHaveLength(2);
});

it('a contract whose end lies before its start counts for nothing', async () => {
  expect(await tell([contract({ service_end_date: '2025-12-01' })])).toEqual([]);
});

it('a service end after today has not happened yet, one of today has', async () => {
  expect(await tell([contract({ service_end_date: '2026-07-01' })])).toEqual([NEW]);
  expect(await tell([contract({ service_end_date: '2026-06-30' })])).toEqual([
    NEW,
    '2026-06-30 churn -100 EUR, 100 to 0, by c1',
  ]);
});

it('a start after today has not happened yet either, and saves nobody from churn', async () => {
  const signed = contract({ contract_id: 'c2', start_date: '2026-07-01' });
  expect(await tell([signed])).toEqual([]);
  expect(await tell([contract({ service_end_date: '2026-06-20' }), signed])).toEqual([
    NEW,
    '2026-06-20 churn -100 EUR, 100 to 0, by c1',
  ]);
});

it('as_of reads the book as it was on another day', async () => {
  const book = [
    contract({ service_end_date: '2026-03-01' }),
    contract({ contract_id: 'c2', start_date: '2026-03-01', mrr: '120' }),
  ];
  expect(await tell(book, { as_of: '2026-02-28' })).toEqual([NEW]);
  expect(await tell(book, { as_of: '2026-03-01' })).toEqual([
    NEW,
    '2026-03-01 expansion 20 EUR, 100 to 120, by c1 c2',
  ]);
});

it('a renewal at the same price moves nothing, at another price it is expansion or contraction', async () => {
  const first = contract({ service_end_date: '2026-03-01' });
  const renewal = { contract_id: 'c2', start_date: '2026-03-01' };
  expect(await tell([first, contract(renewal)])).toEqual([NEW]);
  expect(await tell([first, contract({ ...renewal, mrr: '80.5' })])).toEqual([
    NEW,
    '2026-03-01 contraction -19.5 EUR, 100 to 80.5, by c1 c2',
  ]);
});

it('a second contract is expansion, and ending one of two is contraction', async () => {
  const second = contract({
    contract_id: 'c2',
    start_date: '2026-02-01',
    service_end_date: '2026-04-01',
    mrr: '50',
  });
  expect(await tell([contract(), second])).toEqual([
    NEW,
    '2026-02-01 expansion 50 EUR, 100 to 150, by c2',
    '2026-04-01 contraction -50 EUR, 150 to 100, by c2',
  ]);
});

it('everything that happens in an account on one day is one change', async () => {
  expect(
    await tell([
      contract({ service_end_date: '2026-03-01' }),
      contract({ contract_id: 'c2', start_date: '2026-03-01', mrr: '70' }),
      contract({ contract_id: 'c3', start_date: '2026-03-01', mrr: '60' }),
    ]),
  ).toEqual([NEW, '2026-03-01 expansion 30 EUR, 100 to 130, by c1 c2 c3']);
});

it('a trial is no customer: new is the first paid day, and a trial beside a plan changes nothing', async () => {
  const trial = contract({ contract_id: 't1', service_end_date: '2026-02-01', is_trial: true });
  expect(await tell([trial, contract({ start_date: '2026-02-01' })])).toEqual([
    '2026-02-01 new 100 EUR, 0 to 100, by c1',
  ]);
  expect(await tell([trial])).toEqual([]);
  expect(await tell([trial, contract()])).toEqual([NEW]);
});

it('a discount is netted into the account, or left out', async () => {
  const discount = contract({ contract_id: 'd1', start_date: '2026-02-01', mrr: '-30' });
  expect(await tell([contract(), discount])).toEqual([
    NEW,
    '2026-02-01 contraction -30 EUR, 100 to 70, by d1',
  ]);
  expect(await tell([contract(), discount], { negative_rows: 'ignore' })).toEqual([NEW]);
});

it('an account whose discounts eat its value is no customer', async () => {
  const discount = contract({ contract_id: 'd1', service_end_date: '2026-02-01', mrr: '-100' });
  expect(await tell([contract(), discount])).toEqual(['2026-02-01 new 100 EUR, 0 to 100, by d1']);
  expect(await tell([contract({ contract_id: 'd2', mrr: '-30' })])).toEqual([]);
});

it('contracts that a merge brought to one account are netted: the second is expansion, not new', async () => {
  const folded = [contract(), contract({ contract_id: 'c2', start_date: '2026-02-01', mrr: '40' })];
  expect(await tell(folded)).toEqual([NEW, '2026-02-01 expansion 40 EUR, 100 to 140, by c2']);
  const separate = folded.map((row, index) => ({ ...row, account_id: `acme ${index}` }));
  expect(await tell(separate)).toEqual([NEW, '2026-02-01 new 40 EUR, 0 to 40, by c2']);
});

it('with the parent as unit, accounts of one parent are netted; without one an account stands for itself', async () => {
  await db.run(`insert into _units select unnest(['north', 'south']), 'group'`);
  const book = [
    contract({ account_id: 'north', service_end_date: '2026-02-01' }),
    contract({ account_id: 'south', contract_id: 'c2', start_date: '2026-02-01', mrr: '90' }),
    contract({ account_id: 'alone', contract_id: 'c3' }),
  ];
  const rows = await movementsOf(db, book, { unit: 'parent' });
  expect(rows.map((row) => `${row.account_id} ${row.kind} ${Number(row.amount)}`)).toEqual([
    'alone new 100',
    'group new 100',
    'group contraction -10',
  ]);
  const apart = await movementsOf(db, book, { unit: 'account' });
  expect(apart.map((row) => `${row.account_id} ${row.kind} ${Number(row.amount)}`)).toEqual([
    'alone new 100',
    'north new 100',
    'north churn -100',
    'south new 90',
  ]);
});
