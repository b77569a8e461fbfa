import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { GOLDEN_MONTH, JOINERS, june, LARGER, LEAVERS, SMALLER } from '../conventions/steps.ts';
import { movementsOf, openBook, type Movement } from './book.ts';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

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
  const before = (await movementsOf(db, GOLDEN_MONTH)).filter((row) => row.day < '2026-06-01');
  expect(before.map((row) => [row.kind, Number(row.amount)])).toEqual(
    Array.from({ length: 100 }, () => ['new', 100]),
  );
});

it('June moves as the text says: the notice giver stays, and the returner of ten days is a lapse', async () => {
  expect(told(inJune(await movementsOf(db, GOLDEN_MONTH)))).toEqual(EXPECTED.toSorted());
});

it('without grace the returner churns on day 10 and is back on day 20', async () => {
  const rows = inJune(await movementsOf(db, GOLDEN_MONTH, { grace_days: 0 }));
  expect(told(rows)).toEqual(
    [...EXPECTED, 'returner: 2026-06-10 churn -100', 'returner: 2026-06-20 reactivation 100'].toSorted(),
  );
});

it('gives the printed results of the conventions that can be read from dated movements', async () => {
  const cohort = inJune(await movementsOf(db, GOLDEN_MONTH)).filter(
    (row) => !/^(joiner|short)/.test(row.account_id),
  );
  const start = 10_000;
  expect(cohort.filter((row) => row.kind === 'churn')).toHaveLength(9);
  expect((start + total(cohort, 'churn') + total(cohort, 'contraction')) / start).toBe(0.9);
  expect((start + cohort.reduce((sum, row) => sum + Number(row.amount), 0)) / start).toBe(0.94);

  const all = inJune(await movementsOf(db, GOLDEN_MONTH, { grace_days: 0 }));
  const lost = -total(all, 'churn') - total(all, 'contraction');
  expect(lost / start).toBe(0.12);
  expect((lost - total(all, 'expansion') - total(all, 'reactivation')) / start).toBe(0.07);
});

it('closes June at 11,300', async () => {
  const rows = await movementsOf(db, GOLDEN_MONTH);
  expect(rows.reduce((sum, row) => sum + Number(row.amount), 0)).toBe(11_300);
});

it('in July the notice giver leaves on day 3, and nothing of June changes', async () => {
  const rows = await movementsOf(db, GOLDEN_MONTH, { as_of: '2026-07-31' });
  expect(told(inJune(rows))).toEqual(EXPECTED.toSorted());
  expect(told(rows.filter((row) => row.month === '2026-07-01'))).toEqual([
    'notice giver: 2026-07-03 churn -100',
  ]);
});

it('with open lapses kept, the leavers of June show once their window is over', async () => {
  const june30 = inJune(await movementsOf(db, GOLDEN_MONTH, { open_lapse: 'keep' }));
  expect(june30.filter((row) => row.kind === 'churn')).toEqual([]);
  const later = await movementsOf(db, GOLDEN_MONTH, { open_lapse: 'keep', as_of: '2026-08-31' });
  expect(told(inJune(later))).toEqual(EXPECTED.toSorted());
});
