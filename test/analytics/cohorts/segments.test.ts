import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cohortsOf, membersOfCell } from '../../../src/core/reports/cohorts.ts';
import type { AccountPart } from '../../../src/warehouse/cohorts.ts';
import { guardSegment, segmentColumns, type SegmentColumn } from '../../../src/warehouse/segment.ts';
import { createAccounts, fillAccounts } from '../../warehouse/accounts-table.ts';
import { fillSteps, isHouseWay } from '../conventions/steps.ts';
import { HOUSE, openBook, TODAY } from '../movements/book.ts';
import { RandomBook } from '../movements/random-book.ts';
import { rounded, summed } from './sums.ts';

let db: DuckDBConnection;
let columns: SegmentColumn[];
beforeAll(async () => {
  db = await openBook();
  await createAccounts(db);
  columns = await segmentColumns(db);
  const plans = ['pro', 'basic', null];
  // The last ones are not in the table at all.
  await fillAccounts(
    db,
    Array.from({ length: 22 }, (_, n) => ({
      account_id: `account ${n}`,
      plan: plans[n % 3] ?? null,
      contracts: n,
    })),
  );
});
afterAll(() => db.closeSync());

function part(text: string, side: AccountPart['side']): AccountPart {
  return { segment: guardSegment(text, columns), side };
}

const CONDITIONS = [
  `plan = 'pro'`,
  `not plan = 'pro'`,
  `plan <> 'basic' or contracts >= 10`,
  `contracts between 3 and 9`,
  `plan is null`,
  `plan = 'nobody'`,
] as const;

it('inside and outside of a segment sum to the whole, whoever has an empty field or is in no table', async () => {
  let split = 0;
  await fc.assert(
    fc.asyncProperty(RandomBook, fc.constantFrom(...CONDITIONS), async (book, text) => {
      await fillSteps(db, book, { today: TODAY, rules: HOUSE, isRead: isHouseWay });
      const options = { asOf: TODAY, grain: 'month' } as const;
      const whole = await cohortsOf(db, options);
      const inside = await cohortsOf(db, { ...options, part: part(text, 'inside') });
      const outside = await cohortsOf(db, { ...options, part: part(text, 'outside') });
      if (inside.cohorts.length > 0 && outside.cohorts.length > 0) split += 1;
      expect(rounded(summed([...inside.cohorts, ...outside.cohorts]))).toEqual(rounded(whole.cohorts));
    }),
    { seed: 20260630, numRuns: 12 },
  );
  expect(split).toBeGreaterThan(3);
});

it('an empty field is outside, of a condition and of its opposite', async () => {
  const [book] = fc.sample(
    RandomBook.filter((rows) => rows.length > 40),
    { seed: 1, numRuns: 1 },
  );
  await fillSteps(db, book ?? [], { today: TODAY, rules: HOUSE, isRead: isHouseWay });
  const options = { asOf: TODAY, grain: 'year' } as const;
  const accounts = async (one: AccountPart | null): Promise<number[]> => {
    const members = await membersOfCell(db, { ...options, part: one }, { start: '2026-01-01', age: 0 });
    return members.map(({ account }) => Number(account.split(' ')[1])).toSorted((a, b) => a - b);
  };
  const all = await accounts(null);
  const byPlan = (rest: number): number[] => all.filter((n) => n < 22 && n % 3 === rest);
  expect(byPlan(2).length).toBeGreaterThan(0);
  expect(await accounts(part(`plan = 'pro'`, 'inside'))).toEqual(byPlan(0));
  expect(await accounts(part(`not plan = 'pro'`, 'inside'))).toEqual(byPlan(1));
  expect(await accounts(part(`plan = 'pro'`, 'outside'))).toEqual(all.filter((n) => !byPlan(0).includes(n)));
});
