import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contract, movementsOf, openBook, type Contract, type Movement } from './book.ts';

const LEAVERS = [2, 4, 7, 9, 12, 14, 17, 20, 23];
const JOINERS = [1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 15, 16, 18, 19, 21, 22, 24, 26, 28];
const SMALLER = [3, 8, 13, 18, 25];
const LARGER = [1, 5, 6, 10, 16, 19, 27, 29];

let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

function june(day: number): string {
  return `2026-06-${String(day).padStart(2, '0')}`;
}

function customer(account_id: string, changes: Partial<Contract> = {}): Contract {
  return contract({ account_id, contract_id: account_id, start_date: '2025-03-01', ...changes });
}

/** A customer of the start cohort who pays something else from a day of June on. */
function repriced(account_id: string, day: number, mrr: string): Contract[] {
  return [
    customer(account_id, { service_end_date: june(day) }),
    customer(account_id, { contract_id: `${account_id} b`, start_date: june(day), mrr }),
  ];
}

const BOOK: Contract[] = [
  ...LEAVERS.map((day) => customer(`leaver ${day}`, { service_end_date: june(day) })),
  customer('notice giver', { service_end_date: '2026-07-03' }),
  customer('returner', { service_end_date: june(10) }),
  customer('returner', { contract_id: 'returner b', start_date: june(20) }),
  ...SMALLER.flatMap((day) => repriced(`smaller ${day}`, day, '80')),
  ...LARGER.flatMap((day) => repriced(`larger ${day}`, day, '150')),
  ...Array.from({ length: 76 }, (_, index) => customer(`steady ${index}`)),
  customer('short stay', { start_date: june(5), service_end_date: june(15) }),
  ...JOINERS.map((day) => customer(`joiner ${day}`, { start_date: june(day) })),
];

function inJune(rows: readonly Movement[]): Movement[] {
  return rows.filter((row) => row.month === '2026-06-01');
}

function told(rows: readonly Movement[]): string[] {
  return rows.map((row) => `${row.account_id}: ${row.day} ${row.kind} ${Number(row.amount)}`).toSorted();
}

function total(rows: readonly Movement[], kind: string): number {
  return rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + Number(row.amount), 0);
}

const EXPECTED = [
  ...LEAVERS.map((day) => `leaver ${day}: ${june(day)} churn -100`),
  ...JOINERS.map((day) => `joiner ${day}: ${june(day)} new 100`),
  'short stay: 2026-06-05 new 100',
  'short stay: 2026-06-15 churn -100',
  ...SMALLER.map((day) => `smaller ${day}: ${june(day)} contraction -20`),
  ...LARGER.map((day) => `larger ${day}: ${june(day)} expansion 50`),
];

it('starts with 100 customers of 100 each', async () => {
  const before = (await movementsOf(db, BOOK)).filter((row) => row.day < '2026-06-01');
  expect(before.map((row) => [row.kind, Number(row.amount)])).toEqual(
    Array.from({ length: 100 }, () => ['new', 100]),
  );
});

it('June moves as the text says: the notice giver stays, and the returner of ten days is a lapse', async () => {
  expect(told(inJune(await movementsOf(db, BOOK)))).toEqual(EXPECTED.toSorted());
});

it('without grace the returner churns on day 10 and is back on day 20', async () => {
  const rows = inJune(await movementsOf(db, BOOK, { grace_days: 0 }));
  expect(told(rows)).toEqual(
    [...EXPECTED, 'returner: 2026-06-10 churn -100', 'returner: 2026-06-20 reactivation 100'].toSorted(),
  );
});

it('gives the printed results of the conventions that can be read from dated movements', async () => {
  const cohort = inJune(await movementsOf(db, BOOK)).filter((row) => !/^(joiner|short)/.test(row.account_id));
  const start = 10_000;
  expect(cohort.filter((row) => row.kind === 'churn')).toHaveLength(9);
  expect((start + total(cohort, 'churn') + total(cohort, 'contraction')) / start).toBe(0.9);
  expect((start + cohort.reduce((sum, row) => sum + Number(row.amount), 0)) / start).toBe(0.94);

  const all = inJune(await movementsOf(db, BOOK, { grace_days: 0 }));
  const lost = -total(all, 'churn') - total(all, 'contraction');
  expect(lost / start).toBe(0.12);
  expect((lost - total(all, 'expansion') - total(all, 'reactivation')) / start).toBe(0.07);
});

it('closes June at 11,300', async () => {
  const rows = await movementsOf(db, BOOK);
  expect(rows.reduce((sum, row) => sum + Number(row.amount), 0)).toBe(11_300);
});

it('in July the notice giver leaves on day 3, and nothing of June changes', async () => {
  const rows = await movementsOf(db, BOOK, { as_of: '2026-07-31' });
  expect(told(inJune(rows))).toEqual(EXPECTED.toSorted());
  expect(told(rows.filter((row) => row.month === '2026-07-01'))).toEqual([
    'notice giver: 2026-07-03 churn -100',
  ]);
});

it('with open lapses kept, the leavers of June show once their window is over', async () => {
  const june30 = inJune(await movementsOf(db, BOOK, { open_lapse: 'keep' }));
  expect(june30.filter((row) => row.kind === 'churn')).toEqual([]);
  const later = await movementsOf(db, BOOK, { open_lapse: 'keep', as_of: '2026-08-31' });
  expect(told(inJune(later))).toEqual(EXPECTED.toSorted());
});
