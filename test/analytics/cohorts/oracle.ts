import type { Cohort, CohortCell, Grain } from '../../../src/core/reports/cohorts.ts';
import { oracleDays, type AccountDay } from '../movements/oracle.ts';
import type { Contract, Rules } from '../movements/book.ts';
import { dayNumber, toDate, type Units } from '../movements/oracle-units.ts';

export interface Told {
  grain: Grain;
  active: 'month_end' | 'any_day';
  returner: 'original' | 'new_cohort';
}

/** What an account is in one cohort: its days from the first paid one to the day before it begins in another. */
interface Stay {
  account: string;
  days: AccountDay[];
}

/** The cohorts of a book, walked day by day: slow and plain, written from the counting rules and not from the SQL. */
export function oracleCohorts(
  contracts: readonly Contract[],
  rules: Rules,
  today: string,
  told: Told,
): Cohort[] {
  const asOf = dayNumber(rules.as_of ?? today);
  const accounts = Map.groupBy(contracts, (row) => row.account_id);
  const stays = [...accounts].flatMap(([account, rows]) =>
    staysOf(oracleDays(rows, rules, today), told.returner).map((days) => ({ account, days })),
  );
  return [...Map.groupBy(stays, (stay) => firstDayOf(told.grain, beginOf(stay).day))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([start, members]) => cohortOf(start, members, asOf, told));
}

function staysOf(days: readonly AccountDay[], returner: Told['returner']): AccountDay[][] {
  const stays: AccountDay[][] = [];
  let before = 'none';
  for (const day of days) {
    const begins = before === 'none' && day.mode !== 'none';
    if (begins && (stays.length === 0 || returner === 'new_cohort')) stays.push([]);
    stays.at(-1)?.push(day);
    before = day.mode;
  }
  return stays;
}

function cohortOf(start: string, stays: readonly Stay[], asOf: number, told: Told): Cohort {
  const known = stays.filter((stay) => beginOf(stay).value !== null);
  const cells: CohortCell[] = [];
  for (let from = start; dayNumber(from) <= asOf; from = nextOf(told.grain, from)) {
    const last = dayNumber(nextOf(told.grain, from)) - 1;
    const shown = stays.map((stay) => ({
      base: beginOf(stay).value,
      ...shownOf(stay, dayNumber(from), Math.min(last, asOf), told.active),
    }));
    const counted = shown.flatMap(({ base, value, mode }) =>
      base === null || value === null ? [] : [{ base, value, mode }],
    );
    const isKnown = counted.length > 0;
    const unpaused = counted.filter(({ mode }) => mode !== 'paused');
    cells.push({
      age: cells.length,
      active: shown.filter(({ mode }) => mode === 'paid').length,
      members: shown.filter(({ mode }) => mode !== 'paused').length,
      paused: shown.filter(({ mode }) => mode === 'paused').length,
      value: isKnown ? total(unpaused.map(({ value }) => value)) : null,
      base: isKnown ? total(unpaused.map(({ base }) => base)) : null,
      unknown: shown.length - counted.length,
      isImmature: last > asOf,
    });
  }
  return {
    start,
    size: stays.length,
    money: known.length === 0 ? null : total(known.map((stay) => beginOf(stay).value ?? 0n)),
    unknown: stays.length - known.length,
    cells,
  };
}

/** What a stay is shown as in an interval: what it closes as, or the best of its days, active before paused, the last of equals. */
function shownOf(
  stay: Stay,
  from: number,
  to: number,
  active: Told['active'],
): { mode: AccountDay['mode']; value: Units | null } {
  const out = { mode: 'none', value: 0n } as const;
  const days = stay.days.filter(({ day }) => day >= from && day <= to);
  if (active === 'month_end') return days.find(({ day }) => day === to) ?? out;
  const isOf = (mode: AccountDay['mode']) => (day: AccountDay) => day.mode === mode;
  return days.findLast(isOf('paid')) ?? days.findLast(isOf('paused')) ?? out;
}

function beginOf({ account, days: [first] }: Stay): AccountDay {
  if (first === undefined) throw new Error(`${account} has a stay without a day`);
  return first;
}

function firstDayOf(grain: Grain, day: number): string {
  const [year = '', month = ''] = toDate(day).split('-');
  if (grain === 'year') return `${year}-01-01`;
  const first = grain === 'quarter' ? Math.floor((Number(month) - 1) / 3) * 3 + 1 : Number(month);
  return `${year}-${String(first).padStart(2, '0')}-01`;
}

/** The first day of the interval after the one that begins on `start`. */
function nextOf(grain: Grain, start: string): string {
  let day = dayNumber(start);
  while (firstDayOf(grain, day) === start) day += 1;
  return toDate(day);
}

function total(units: readonly Units[]): number {
  return Number(units.reduce((sum, value) => sum + value, 0n)) / 10_000;
}
