import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cohortsOf, membersOfCell, type Cohort, type Cohorts } from '../../../src/core/reports/cohorts.ts';
import { fillSteps, isHouseWay } from '../conventions/steps.ts';
import { openBook, TODAY, type Contract, type Rules } from '../movements/book.ts';
import { oracleDays } from '../movements/oracle.ts';
import { dayNumber } from '../movements/oracle-units.ts';
import { RandomBook, RandomRules } from '../movements/random-book.ts';
import { oracleCohorts, type Told } from './oracle.ts';
import { rounded, summed } from './sums.ts';

const RUNS = { seed: 20260630, numRuns: 8 };
/** The way of reading in which the house counts: going free is churn. */
const HouseRules = RandomRules.map((rules): Rules => ({ ...rules, paid_to_free_house: 'churn' }));
const AnyTold: fc.Arbitrary<Told> = fc.record({
  grain: fc.constantFrom('month', 'month', 'quarter', 'year'),
  active: fc.constantFrom('month_end', 'any_day'),
  returner: fc.constantFrom('original', 'new_cohort'),
});

let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

async function counted(book: readonly Contract[], rules: Rules, told: Told): Promise<Cohorts> {
  await fillSteps(db, book, { today: TODAY, rules, isRead: isHouseWay });
  return cohortsOf(db, { ...told, asOf: rules.as_of ?? TODAY });
}

it('the cells are what walking through the days says, under every rule and setting', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      RandomBook,
      HouseRules,
      fc.array(AnyTold, { minLength: 3, maxLength: 5 }),
      async (book, rules, all) => {
        await fillSteps(db, book, { today: TODAY, rules, isRead: isHouseWay });
        for (const told of all) {
          const { cohorts } = await cohortsOf(db, { ...told, asOf: rules.as_of ?? TODAY });
          for (const cell of cohorts.flatMap(({ cells }) => cells))
            for (const name of ['paused', 'unknown', 'active', 'isImmature'] as const)
              if (Number(cell[name]) > 0) seen.add(`${name} ${told.active}`);
          expect(rounded(cohorts)).toEqual(rounded(oracleCohorts(book, rules, TODAY, told)));
        }
      },
    ),
    { ...RUNS, numRuns: 30 },
  );
  expect(seen.size).toBe(8);
});

it('the active of all cohorts at a month end are the customers of that day, whoever returns counted once', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, HouseRules, AnyTold, async (book, rules, { returner }) => {
      const { cohorts } = await counted(book, rules, { grain: 'month', active: 'month_end', returner });
      const days = [...Map.groupBy(book, (row) => row.account_id).values()].flatMap((rows) =>
        oracleDays(rows, rules, TODAY),
      );
      const asOf = rules.as_of ?? TODAY;
      for (let month = 1; month <= 6; month += 1) {
        const end = new Date(Date.UTC(2026, month, 0)).toISOString().slice(0, 10);
        if (end > asOf) break;
        const active = cohorts.map(
          ({ start, cells }) => cells[month - Number(start.slice(5, 7))]?.active ?? 0,
        );
        const customers = days.filter(({ day, mode }) => day === dayNumber(end) && mode === 'paid');
        expect(
          active.reduce((sum, one) => sum + one, 0),
          end,
        ).toBe(customers.length);
      }
    }),
    RUNS,
  );
});

it('the cohorts of the parts of a book sum to those of the book', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, HouseRules, AnyTold, async (book, rules, told) => {
      const whole = await counted(book, rules, told);
      await db.run('create or replace temp table all_steps as from account_steps');
      const parts: Cohort[][] = [];
      for (const part of [0, 1]) {
        await db.run(
          `create or replace temp table account_steps as from all_steps where split_part(account_id, ' ', 2)::integer % 2 = ${part}`,
        );
        parts.push((await cohortsOf(db, { ...told, asOf: rules.as_of ?? TODAY })).cohorts);
      }
      expect(rounded(summed(parts.flat()))).toEqual(rounded(whole.cohorts));
    }),
    RUNS,
  );
});

it('a cell opens into its members: as many active and paused as it says, and their values', async () => {
  await fc.assert(
    fc.asyncProperty(RandomBook, HouseRules, AnyTold, async (book, rules, told) => {
      const { cohorts } = await counted(book, rules, told);
      const options = { ...told, asOf: rules.as_of ?? TODAY };
      const cohort = cohorts.at(0);
      const cell = cohort?.cells.at(-1);
      if (cohort === undefined || cell === undefined) return;
      const members = await membersOfCell(db, options, { start: cohort.start, age: cell.age });
      expect(members).toHaveLength(cohort.size);
      expect(members.filter(({ state }) => state === 'active')).toHaveLength(cell.active);
      expect(members.filter(({ state }) => state === 'paused')).toHaveLength(cell.paused);
      const known = members.filter(({ value, base }) => value !== null && base !== null);
      expect(cohort.size - known.length).toBe(cell.unknown);
      const value = known.reduce((sum, member) => sum + (member.value ?? 0), 0);
      if (cell.value !== null) expect(value).toBeCloseTo(cell.value, 4);
    }),
    RUNS,
  );
});
