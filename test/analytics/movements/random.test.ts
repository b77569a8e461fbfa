import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUSE, movementsOf, openBook, TODAY, type Contract, type Movement } from './book.ts';
import { oracleMovements, oracleTotals } from './oracle.ts';
import { money } from './oracle-units.ts';
import { RandomBook, RandomRules } from './random-book.ts';

const RUNS = { seed: 20260630, numRuns: 30 };
let db: DuckDBConnection;

beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

it('the mart says what walking through the days says, under every rule', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(RandomBook, RandomRules, async (book, rules) => {
      const rows = await movementsOf(db, book, rules);
      for (const row of rows) kinds.add(row.kind);
      expect(rows).toEqual(oracleMovements(book, rules, TODAY));
    }),
    { ...RUNS, numRuns: 100 },
  );
  expect([...kinds].toSorted()).toEqual(
    ['churn', 'contraction', 'currency', 'expansion', 'new', 'pause', 'reactivation', 'resume'].toSorted(),
  );
});

it('opening and movements make the closing, for every account, month and currency, to the last decimal', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, RandomRules, async (book, rules) => {
      const rows = await movementsOf(db, book, rules);
      for (const series of Map.groupBy(rows, (row) => `${row.account_id} ${row.currency}`).values()) {
        expectClosed(series);
      }
    }),
    RUNS,
  );
});

it('the movements up to a day add up to what all accounts pay on that day', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, RandomRules, async (book, rules) => {
      expectTotals(await movementsOf(db, book, rules), oracleTotals(book, rules, TODAY));
    }),
    RUNS,
  );
});

it('the movements of the parts of a book are the movements of the book', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, RandomRules, async (book, rules) => {
      const whole = await movementsOf(db, book, rules);
      const isEven = (row: { account_id: string }): boolean => Number(row.account_id.split(' ')[1]) % 2 === 0;
      const even = await movementsOf(db, book.filter(isEven), rules);
      const odd = await movementsOf(
        db,
        book.filter((row) => !isEven(row)),
        rules,
      );
      expect(even).toEqual(whole.filter(isEven));
      expect(odd).toEqual(whole.filter((row) => !isEven(row)));
    }),
    { ...RUNS, numRuns: 12 },
  );
});

it('has one row for an account, day, kind and currency, none after the horizon, and names a contract for each', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, RandomRules, async (book, rules) => {
      const rows = await movementsOf(db, book, rules);
      const grain = rows.map((row) => [row.account_id, row.day, row.kind, row.currency].join('|'));
      expect(new Set(grain).size).toBe(rows.length);
      expect(rows.filter((row) => row.day > (rules.as_of ?? TODAY))).toEqual([]);
      const known = new Set(book.map((row) => `${row.account_id} ${row.contract_id}`));
      for (const row of rows) {
        expect(row.contract_ids.length).toBeGreaterThan(0);
        expect(row.contract_ids.filter((id) => !known.has(`${row.account_id} ${id}`))).toEqual([]);
      }
    }),
    RUNS,
  );
});

it('the order of the contracts does not matter', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, async (book) => {
      const turned: Contract[] = book.toReversed();
      expect(await movementsOf(db, turned, HOUSE)).toEqual(await movementsOf(db, book, HOUSE));
    }),
    { ...RUNS, numRuns: 12 },
  );
});

function expectClosed(series: readonly Movement[]): void {
  let standing = 0n;
  for (const [, month] of Map.groupBy(series, (row) => row.month)) {
    const opening = month[0] === undefined ? 0n : money(month[0].opening);
    const closing = money(month.at(-1)?.closing ?? '0');
    expect(opening).toBe(standing);
    expect(opening + sum(month)).toBe(closing);
    for (const day of Map.groupBy(month, (row) => row.day).values()) {
      expect(money(day[0]?.opening ?? '0') + sum(day)).toBe(money(day[0]?.closing ?? '0'));
    }
    standing = closing;
  }
}

function sum(rows: readonly Movement[]): bigint {
  return rows.reduce((total, row) => total + money(row.amount), 0n);
}

function expectTotals(rows: readonly Movement[], totals: ReadonlyMap<string, bigint>): void {
  const added = new Map<string, bigint>();
  const byDay = Map.groupBy(rows, (row) => row.day);
  const days = [...new Set([...totals.keys()].map((key) => key.slice(0, 10)))].toSorted();
  for (const day of days) {
    for (const row of byDay.get(day) ?? [])
      added.set(row.currency, (added.get(row.currency) ?? 0n) + money(row.amount));
    for (const [key, total] of totals) {
      if (key.startsWith(day)) expect(added.get(key.slice(11)) ?? 0n).toBe(total);
    }
  }
  expect(rows.every((row) => days.includes(row.day))).toBe(true);
}
