import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { churnOf, rulesOf } from '../../../src/core/reports/churn.ts';
import { conventions, MEASURES, type Switches } from '../../../src/core/reports/conventions.ts';
import { windowsOf } from '../../../src/core/reports/windows.ts';
import { readAccountRows, readWindowTotals } from '../../../src/warehouse/churn.ts';
import { martSelect, openBook } from '../movements/book.ts';
import { BookRules, MONTHS, NoticedBook, RandomMeasure, RandomSwitches } from './random-book.ts';
import { fillSteps } from './steps.ts';

const TODAY = '2026-09-30';
let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await db.runAndReadAll(sql)).getRowObjectsJson();
}

it('the value before a step is the value after the step before it, and kinds go with states, in every way of reading', async () => {
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, async (book, rules) => {
      await fillSteps(db, book, { today: TODAY, rules });
      const broken = await rowsOf(`
        from (
          select *, lag(value) over own as value_last, lag(state) over own as state_last, lag(day) over own is null as is_first
          from account_steps
          window own as (partition by account_id, moment, lapses, free order by day)
        )
        where value_before is distinct from if(is_first, 0, value_last)
          or state_before <> coalesce(state_last, 'none')
          or (state in ('none', 'free', 'paused') and value <> 0)
          or (kind = 'churn') <> (state = 'none')
          or (kind in ('new', 'reactivation')) <> (state_before = 'none')
          or (kind = 'pause') <> (state = 'paused')`);
      expect(broken).toEqual([]);
      const grain = await rowsOf(
        'select account_id, day from account_steps group by account_id, moment, lapses, free, day having count(*) > 1',
      );
      expect(grain).toEqual([]);
    }),
    { seed: 20260903, numRuns: 6, endOnFailure: true },
  );
});

it('read as the house reads them, the steps are the movements of each account and day, and end where its standing is', async () => {
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, async (book, rules) => {
      await fillSteps(db, book, { today: TODAY, rules });
      const house = `(
        select * from account_steps
        where moment = 'service_end'
          and lapses = if(is_lapsed, 'kept', 'counted')
          and free = if(is_freed, '${rules.paid_to_free_house}', 'churn')
      )`;
      const moved = await rowsOf(`
        with movements as (${martSelect('movements')}),
        summed as (
          select account_id, day, if(bool_or(home_amount is null), null, sum(home_amount)) as amount,
            coalesce(sum(home_amount) filter (kind = 'currency'), 0) as currency
          from movements group by all
        )
        select * from summed full join ${house} steps using (account_id, day)
        where (coalesce(amount, 0) <> coalesce(value - value_before, 0) or currency <> coalesce(currency_change, 0))
          -- an account with a currency that has no rate is worth nobody knows what, whatever its other currencies do
          and account_id not in (select account_id from ${house} where value is null)`);
      expect(moved).toEqual([]);
      const stands = await rowsOf(`
        with standing as (${martSelect('_standing')}),
        latest as (
          select account_id, arg_max(state, day) as state, arg_max_null(value, day) as value from ${house} group by account_id
        )
        select * from standing full join latest using (account_id)
        where coalesce(latest.state, 'none') <> coalesce(standing.state, 'none')
          or (latest.state in ('paid', 'free') and latest.value is distinct from standing.home_mrr)`);
      expect(stands).toEqual([]);
    }),
    { seed: 20260904, numRuns: 6, endOnFailure: true },
  );
});

it('a way without rows of its own would have had those of the base', async () => {
  const columns =
    'account_id, moment, lapses, free, day, state_before, state, value_before, value, currency_change, kind';
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, async (book, rules) => {
      await fillSteps(db, book, { today: TODAY, rules });
      await db.run(
        `create or replace temp table told as select ${columns}, is_noticed, is_lapsed, is_freed from account_steps`,
      );
      await fillSteps(db, book, { today: TODAY, rules, differing: 'all' });
      const expected = `
        select account_id, way.moment, way.lapses, way.free, day, state_before, state, value_before, value, currency_change, kind
        from told, (select distinct moment, lapses, free from account_steps) way
        where told.moment = if(is_noticed, way.moment, 'service_end')
          and told.lapses = if(is_lapsed, way.lapses, 'counted')
          and told.free = if(is_freed, way.free, 'churn')`;
      const whole = `select ${columns} from account_steps`;
      expect(await rowsOf(`(${expected}) except all (${whole})`)).toEqual([]);
      expect(await rowsOf(`(${whole}) except all (${expected})`)).toEqual([]);
    }),
    { seed: 20260905, numRuns: 6, endOnFailure: true },
  );
});

it('of a cohort nobody loses more than there was, and net retention is not below gross', async () => {
  const cohort = RandomSwitches.map((switches): Switches => ({
    ...switches,
    joiner_leaver: 'cohort',
    contraction: 'netted',
    denominator: 'start',
  })).filter(({ clock }) => clock !== 'daily' && clock !== 'customer_days');
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, cohort, async (book, rules, switches) => {
      await fillSteps(db, book, { today: TODAY, rules });
      const gross = await churnOf(db, 'gross_revenue_churn', switches, MONTHS);
      const net = await churnOf(db, 'net_revenue_churn', switches, MONTHS);
      for (const [n, { value }] of gross.entries()) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(value).toBeGreaterThanOrEqual((net[n]?.value ?? 0) - 1e-12);
      }
    }),
    { seed: 20260906, numRuns: 6, endOnFailure: true },
  );
});

it('numerators and denominators of two halves of the accounts are those of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      NoticedBook,
      BookRules,
      RandomMeasure,
      RandomSwitches,
      async (book, rules, measure, switches) => {
        const isEven = ({ account_id }: { account_id: string }): boolean =>
          Number(account_id.split(' ')[1]) % 2 === 0;
        const halves = [book.filter(isEven), book.filter((row) => !isEven(row)), book];
        const figures = [];
        for (const half of halves) {
          await fillSteps(db, half, { today: TODAY, rules });
          figures.push(await churnOf(db, measure, switches, MONTHS));
        }
        const [even = [], odd = [], whole = []] = figures;
        for (const [n, figure] of whole.entries())
          for (const part of ['numerator', 'denominator', 'customers'] as const)
            expect((even[n]?.[part] ?? 0) + (odd[n]?.[part] ?? 0)).toBeCloseTo(figure[part], 6);
      },
    ),
    { seed: 20260907, numRuns: 5, endOnFailure: true },
  );
});

it('the rows of the accounts, all listed, sum to the totals of every window', async () => {
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, async (book, rules) => {
      await fillSteps(db, book, { today: TODAY, rules });
      for (const measure of MEASURES)
        for (const convention of conventions()) {
          const switches = convention[measure];
          const windows = MONTHS.slice(0, 1).flatMap((month) => windowsOf(switches.clock, month));
          const totals = await readWindowTotals(db, measure, rulesOf(switches), windows);
          const [rows = []] = await readAccountRows(db, measure, [rulesOf(switches)], windows, 'all');
          expect(rows.filter(({ account }) => account === null)).toEqual([]);
          const byWindow = Map.groupBy(rows, ({ window }) => window);
          for (const { window, numerator, denominator, accounts } of totals) {
            const own = byWindow.get(window) ?? [];
            expect(own.reduce((sum, row) => sum + row.numerator, 0)).toBeCloseTo(numerator, 6);
            expect(own.reduce((sum, row) => sum + row.denominator, 0)).toBeCloseTo(denominator, 6);
            expect(own.filter((row) => row.numerator !== 0)).toHaveLength(accounts);
          }
        }
    }),
    { seed: 20260908, numRuns: 1, endOnFailure: true },
  );
});
