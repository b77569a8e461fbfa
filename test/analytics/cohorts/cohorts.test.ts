import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ageLabel, cohortsOf, membersOfCell } from '../../../src/core/reports/cohorts.ts';
import { loadSteps } from '../conventions/steps.ts';
import { contract, type Contract } from '../movements/book.ts';

function customer(account_id: string, start_date: string, changes: Partial<Contract> = {}): Contract {
  return contract({ account_id, contract_id: `${account_id} ${start_date}`, start_date, ...changes });
}

/** Five began in January, two in February, one in April. */
const BOOK: readonly Contract[] = [
  customer('stays', '2026-01-10'),
  customer('grows', '2026-01-01', { service_end_date: '2026-02-15' }),
  customer('grows', '2026-02-15', { mrr: '150' }),
  customer('leaves on the first of March', '2026-01-31', { service_end_date: '2026-03-01' }),
  // Away for 59 days, which no grace covers.
  customer('returns', '2026-01-20', { service_end_date: '2026-02-10' }),
  customer('returns', '2026-04-10', { mrr: '80' }),
  customer('rests in March', '2026-01-05', { paused_from: '2026-03-05', paused_to: '2026-04-05' }),
  customer('without a rate', '2026-02-02', { currency: 'USD', home_mrr: null }),
  customer('leaves in its first month', '2026-02-03', { service_end_date: '2026-02-20' }),
  customer('new', '2026-04-30'),
];
const APRIL = { asOf: '2026-05-10', grain: 'month' } as const;

let db: DuckDBConnection;
beforeAll(async () => {
  db = await loadSteps(BOOK, { today: '2026-05-10' });
});
afterAll(() => db.closeSync());

it('follows each month’s customers to the month that is not over: who left, returned, rested and paid more', async () => {
  const { cohorts } = await cohortsOf(db, APRIL);
  const told = cohorts.map(({ start, size, money, cells }) => ({
    start,
    size,
    money,
    cells: cells.map(({ active, members, value, base, isImmature }) =>
      [`${active} of ${members}`, `${value} of ${base}`, ...(isImmature ? ['not over'] : [])].join(', '),
    ),
  }));
  expect(told).toEqual([
    {
      start: '2026-01-01',
      size: 5,
      money: 500,
      cells: [
        '5 of 5, 500 of 500',
        '4 of 5, 450 of 500',
        '2 of 4, 250 of 400',
        '4 of 5, 430 of 500',
        '4 of 5, 430 of 500, not over',
      ],
    },
    {
      start: '2026-02-01',
      size: 2,
      money: 100,
      cells: ['1 of 2, 0 of 100', '1 of 2, 0 of 100', '1 of 2, 0 of 100', '1 of 2, 0 of 100, not over'],
    },
    {
      start: '2026-04-01',
      size: 1,
      money: 100,
      cells: ['1 of 1, 100 of 100', '1 of 1, 100 of 100, not over'],
    },
  ]);
  expect(cohorts.map(({ unknown }) => unknown)).toEqual([0, 1, 0]);
});

it('counts by any day who was there on one day of the month, but not who left on its first', async () => {
  const { cohorts } = await cohortsOf(db, { ...APRIL, active: 'any_day' });
  expect(cohorts[0]?.cells.map(({ active, paused, value }) => [active, paused, value])).toEqual([
    [5, 0, 500],
    [5, 0, 550],
    // Paid until the fourth: on some of its days it was a customer, so its rest does not show.
    [3, 0, 350],
    [4, 0, 430],
    [4, 0, 430],
  ]);
  expect(cohorts[1]?.cells[0]).toMatchObject({ active: 2, value: 100 });
});

it('keeps who returns in the cohort it began in, or opens a new one and leaves the old one for good', async () => {
  const kept = await cohortsOf(db, APRIL);
  const apart = await cohortsOf(db, { ...APRIL, returner: 'new_cohort' });
  const active = ({ cohorts }: typeof kept, start: string): (number | undefined)[] =>
    cohorts
      .filter((cohort) => cohort.start === start)
      .flatMap(({ cells }) => cells.map((cell) => cell.active));
  expect([active(kept, '2026-01-01'), active(kept, '2026-04-01')]).toEqual([
    [5, 4, 2, 4, 4],
    [1, 1],
  ]);
  expect([active(apart, '2026-01-01'), active(apart, '2026-04-01')]).toEqual([
    [5, 4, 2, 3, 3],
    [2, 2],
  ]);
  expect(apart.cohorts.at(-1)).toMatchObject({ start: '2026-04-01', size: 2, money: 180 });
});

it('a month that is over at the close of the last day is no immature one, and later ones are absent', async () => {
  const { cohorts } = await cohortsOf(db, { ...APRIL, asOf: '2026-04-30' });
  expect(cohorts.map(({ cells }) => cells.map(({ isImmature }) => isImmature))).toEqual([
    [false, false, false, false],
    [false, false, false],
    [false],
  ]);
});

it('weighs averages by size, without the month that is not over, and once without cohorts older than the records', async () => {
  const { averages } = await cohortsOf(db, { ...APRIL, recordingSince: '2026-02-01' });
  expect(averages.map(({ age, label }) => [age, label])).toEqual([
    [0, 'Month 0 (first, partial)'],
    [1, 'Month 1'],
    [2, 'Month 2'],
    [3, 'Month 3'],
  ]);
  expect(averages[0]?.all).toEqual({
    cohorts: 3,
    active: 7,
    members: 8,
    logos: 7 / 8,
    value: 600,
    base: 700,
    money: 6 / 7,
  });
  expect(averages[0]?.recorded).toMatchObject({ cohorts: 2, active: 2, members: 3, logos: 2 / 3 });
  expect(averages[2]?.all).toMatchObject({ cohorts: 2, active: 3, members: 6, value: 250, base: 500 });
  expect(averages[3]?.recorded).toMatchObject({ cohorts: 0, logos: null, money: null });
  // A cohort whose month had begun before is older in part.
  const later = await cohortsOf(db, { ...APRIL, recordingSince: '2026-02-02' });
  expect(later.averages[0]?.recorded?.cohorts).toBe(1);
  const unknown = await cohortsOf(db, APRIL);
  expect(unknown.averages.map(({ recorded }) => recorded)).toEqual([null, null, null, null]);
});

it('opens a cell: who is in it, paused or out, with what they pay and paid at first', async () => {
  const march = await membersOfCell(db, APRIL, { start: '2026-01-01', age: 2 });
  expect(march.map(({ account, state, value, base }) => [account, state, value, base])).toEqual([
    ['grows', 'active', 150, 100],
    ['leaves on the first of March', 'out', 0, 100],
    ['rests in March', 'paused', 0, 100],
    ['returns', 'out', 0, 100],
    ['stays', 'active', 100, 100],
  ]);
  expect(await membersOfCell(db, APRIL, { start: '2026-02-01', age: 0 })).toEqual([
    { account: 'leaves in its first month', startedOn: '2026-02-03', state: 'out', value: 0, base: 100 },
    { account: 'without a rate', startedOn: '2026-02-02', state: 'active', value: null, base: null },
  ]);
  expect(await membersOfCell(db, APRIL, { start: '2026-02-01', age: 9 })).toEqual([]);
});

it('quarters and years hold what began in them', async () => {
  const { cohorts } = await cohortsOf(db, { ...APRIL, grain: 'quarter' });
  expect(cohorts.map(({ start, size, cells }) => [start, size, cells.map(({ active }) => active)])).toEqual([
    ['2026-01-01', 7, [3, 5]],
    ['2026-04-01', 1, [1]],
  ]);
  expect(ageLabel('quarter', 0)).toBe('Quarter 0 (first, partial)');
  const years = await cohortsOf(db, { ...APRIL, grain: 'year' });
  expect(years.cohorts.map(({ start, size }) => [start, size])).toEqual([['2026-01-01', 8]]);
});

it('widens the grain by itself until the median cohort has twenty members', async () => {
  const began = (day: string, members: number): Contract[] =>
    Array.from({ length: members }, (_, n) => customer(`${day} ${n}`, day));
  const grainOf = async (contracts: readonly Contract[]): Promise<string> => {
    const other = await loadSteps(contracts, { today: '2026-05-10' });
    const { grain } = await cohortsOf(other, { asOf: '2026-05-10' });
    other.closeSync();
    return grain;
  };
  const months = [...began('2026-01-05', 20), ...began('2026-02-05', 1), ...began('2026-03-05', 40)];
  expect(await grainOf(months)).toBe('month');
  expect(await grainOf([...began('2026-01-05', 19), ...began('2026-02-05', 19)])).toBe('quarter');
  expect(await grainOf(began('2026-01-05', 3))).toBe('year');
  expect(await grainOf([])).toBe('month');
});

it('refuses a day that is none', async () => {
  await expect(cohortsOf(db, { asOf: '2026-02-30' })).rejects.toThrow('"2026-02-30" is no day');
});
