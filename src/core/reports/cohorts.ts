import type { DuckDBConnection } from '@duckdb/node-api';
import { Temporal } from 'temporal-polyfill';
import {
  readCohortCells,
  readCohortMembers,
  readCohortStarts,
  type AccountPart,
  type CohortCell as CountedCell,
  type CohortMember,
  type CohortRules,
  type CohortStart,
} from '../../warehouse/cohorts.ts';
import { AppError } from '../errors.ts';

export const GRAINS = ['month', 'quarter', 'year'] as const;
export type Grain = (typeof GRAINS)[number];

/** The median cohort has this many members, or the grain widens. */
const ENOUGH_MEMBERS = 20;

/** The house's way of reading contracts: a loss lands at the end of service, gaps within the grace are none, going free is churn. */
const HOUSE = { moment: 'service_end', lapses: 'kept', free: 'churn' } as const;

export interface CohortOptions {
  /** the last day whose close is known, as 2026-01-31 */
  asOf: string;
  /** auto: the first of month, quarter and year in which the median cohort has 20 members, else year */
  grain?: Grain | 'auto';
  /** active at the close of an interval (the default), or on any day of it */
  active?: CohortRules['active'];
  /** who returns stays in its cohort (the default), or opens a new one */
  returner?: CohortRules['returner'];
  /** the book's day from which losses were recorded, as 2026-01-31; null where nobody knows it */
  recordingSince?: string | null;
  /** only this part of the accounts */
  part?: AccountPart | null;
  /** another way of reading contracts than the house's */
  reading?: Pick<CohortRules, 'moment' | 'lapses' | 'free'>;
}

/** Customers by when they began, and what became of them. Money is a month's value in the portal's currency; null is not known. */
export interface Cohorts {
  grain: Grain;
  /** every cohort with a member, the oldest first */
  cohorts: Cohort[];
  /** one for each age that a cohort has completed, weighted by size */
  averages: AgeAverage[];
}

export interface Cohort {
  /** the first day of the interval in which its members began */
  start: string;
  size: number;
  /** what the members paid on their first paid day; those without a rate are left out */
  money: number | null;
  /** how many those are */
  unknown: number;
  /** by age, from 0, none left out, to the interval that holds `asOf` */
  cells: CohortCell[];
}

export interface CohortCell {
  /** whole intervals after the first, partial one, which is 0 */
  age: number;
  active: number;
  /** members that are not paused: what `active` is a share of */
  members: number;
  paused: number;
  value: number | null;
  /** what the same members paid on their first paid day: what `value` is a share of */
  base: number | null;
  /** members left out of `value` and `base`, for want of a rate then or on the first paid day */
  unknown: number;
  /** the interval is not over: the cell stands at `asOf` and in no average */
  isImmature: boolean;
}

export interface AgeAverage {
  age: number;
  label: string;
  all: Average;
  /** without cohorts that began before losses were recorded; null where `recordingSince` is not known */
  recorded: Average | null;
}

export interface Average {
  /** how many cohorts are in it */
  cohorts: number;
  active: number;
  members: number;
  /** share of the members, null where there are none */
  logos: number | null;
  value: number;
  base: number;
  /** share of the value on the first paid day, null where there is none */
  money: number | null;
}

/** The triangle of a book. Throws AppError `invalid` for a day that is none. */
export async function cohortsOf(db: DuckDBConnection, options: CohortOptions): Promise<Cohorts> {
  const part = options.part ?? null;
  const { rules, starts } = await settled(db, options, part);
  const cells = Map.groupBy(await readCohortCells(db, rules, part), ({ start }) => start);
  const openSince = openInterval(rules);
  const cohorts = starts.map((start) => cohortOf(start, cells.get(start.start) ?? [], rules, openSince));
  return { grain: rules.grain, cohorts, averages: averagesOf(rules.grain, cohorts, options.recordingSince) };
}

/**
 * Everybody in the cohort of a cell: in it (active), paused, or out, with what they pay and what they paid at first. The grain is the one that
 * `cohortsOf` answered with. Empty where no cohort began on `start`, or the age has not come.
 */
export async function membersOfCell(
  db: DuckDBConnection,
  options: CohortOptions & { grain: Grain },
  cell: { start: string; age: number },
): Promise<CohortMember[]> {
  dayOf(cell.start);
  return readCohortMembers(db, rulesOf(options, options.grain), options.part ?? null, cell);
}

/** What an age is called: "Month 0 (first, partial)", "Month 1". */
export function ageLabel(grain: Grain, age: number): string {
  const name = `${grain.charAt(0).toUpperCase()}${grain.slice(1)} ${age}`;
  return age === 0 ? `${name} (first, partial)` : name;
}

async function settled(
  db: DuckDBConnection,
  options: CohortOptions,
  part: AccountPart | null,
): Promise<{ rules: CohortRules; starts: CohortStart[] }> {
  const { grain = 'auto' } = options;
  for (const tried of grain === 'auto' ? GRAINS : [grain]) {
    const rules = rulesOf(options, tried);
    const starts = await readCohortStarts(db, rules, part);
    if (starts.length === 0 && grain === 'auto') return { rules, starts };
    if (tried === grain || tried === 'year' || median(starts.map(({ size }) => size)) >= ENOUGH_MEMBERS)
      return { rules, starts };
  }
  throw new Error(`no grain ${grain}`);
}

function rulesOf(options: CohortOptions, grain: Grain): CohortRules {
  return {
    ...HOUSE,
    ...options.reading,
    grain,
    active: options.active ?? 'month_end',
    returner: options.returner ?? 'original',
    as_of: dayOf(options.asOf).toString(),
  };
}

function cohortOf(
  start: CohortStart,
  cells: readonly CountedCell[],
  { grain }: CohortRules,
  openSince: string | null,
): Cohort {
  return {
    ...start,
    money: start.unknown === start.size ? null : start.money,
    cells: cells.map(({ start: from, age, active, members, paused, value, base, unknown }) => {
      const isKnown = unknown < start.size;
      return {
        age,
        active,
        members,
        paused,
        value: isKnown ? value : null,
        base: isKnown ? base : null,
        unknown,
        isImmature: intervalOf(grain, from, age) === openSince,
      };
    }),
  };
}

function averagesOf(
  grain: Grain,
  cohorts: readonly Cohort[],
  recordingSince: string | null | undefined,
): AgeAverage[] {
  const since =
    recordingSince === null || recordingSince === undefined ? null : dayOf(recordingSince).toString();
  const cells = cohorts.flatMap(({ start, cells }) =>
    cells.filter(({ isImmature }) => !isImmature).map((cell) => ({ ...cell, start })),
  );
  return [...Map.groupBy(cells, ({ age }) => age)]
    .toSorted(([a], [b]) => a - b)
    .map(([age, ofAge]) => ({
      age,
      label: ageLabel(grain, age),
      all: averageOf(ofAge),
      recorded: since === null ? null : averageOf(ofAge.filter(({ start }) => start >= since)),
    }));
}

function averageOf(cells: readonly CohortCell[]): Average {
  const sum = (pick: (cell: CohortCell) => number | null): number =>
    cells.reduce((all, cell) => all + (pick(cell) ?? 0), 0);
  const [active, members] = [sum((cell) => cell.active), sum((cell) => cell.members)];
  const [value, base] = [sum((cell) => cell.value), sum((cell) => cell.base)];
  return {
    cohorts: cells.length,
    active,
    members,
    logos: members === 0 ? null : active / members,
    value,
    base,
    money: base === 0 ? null : value / base,
  };
}

/** The first day of the interval that is not over at the close of `as_of`; null where that day closes one. */
function openInterval({ grain, as_of }: CohortRules): string | null {
  const day = Temporal.PlainDate.from(as_of);
  const start = startOf(grain, day);
  return day.add({ days: 1 }).equals(later(grain, start, 1)) ? null : start.toString();
}

function intervalOf(grain: Grain, start: string, age: number): string {
  return later(grain, Temporal.PlainDate.from(start), age).toString();
}

function startOf(grain: Grain, day: Temporal.PlainDate): Temporal.PlainDate {
  const month = { month: day.month, quarter: day.month - ((day.month - 1) % 3), year: 1 }[grain];
  return day.with({ day: 1, month });
}

function later(grain: Grain, day: Temporal.PlainDate, intervals: number): Temporal.PlainDate {
  return day.add({ months: intervals * { month: 1, quarter: 3, year: 12 }[grain] });
}

function dayOf(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch (cause) {
    throw new AppError('invalid', `${JSON.stringify(text)} is no day. Write it as 2026-01-31.`, { cause });
  }
}

function median(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}
