import type { DuckDBConnection } from '@duckdb/node-api';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { readBook, type PublishedBook } from '../../warehouse/book.ts';
import { metrics, type Metric } from '../../warehouse/metrics.ts';
import { AppError } from '../errors.ts';
import { churnOf, type MonthFigure } from './churn.ts';
import { conventionOf, MEASURES, type Convention, type Switches } from './conventions.ts';
import { intervalOf } from './interval-of.ts';

const Interval = z.object({ low: z.number(), high: z.number(), level: z.number(), method: z.string() });

/** One figure, with everything that is needed to defend it. */
export const Figure = z.object({
  id: z.string(),
  name: z.string(),
  /** null: there is nothing to take it of */
  value: z.number().nullable(),
  unit: z.literal('ratio'),
  numerator: z.number(),
  denominator: z.number(),
  /** customers, or contracts, in the denominator */
  n: z.number(),
  /** null where none is computed */
  interval: Interval.nullable(),
  /** id of the convention; house where none says how it is counted */
  convention: z.string(),
  version: z.number(),
  /** the last day of what it is about */
  asOf: z.string(),
  /** only what was known then is in it */
  knownAt: z.string(),
});
export type Figure = z.output<typeof Figure>;

export const Report = z.object({
  /** the first day of the month */
  month: z.string(),
  convention: z.string(),
  conventionName: z.string(),
  over: z.enum(['month', 'year']),
  currency: z.string(),
  figures: z.array(Figure),
});
export type Report = z.output<typeof Report>;

export interface ReportOptions {
  convention: string;
  /** as 2026-05; null: the last month that is over */
  month: string | null;
  /** the month, or the twelve that end with it */
  over: 'month' | 'year';
}

/**
 * Every metric for one month under one convention, from published tables. Throws AppError `not_found` for an unknown convention, `invalid` for a
 * month that is none, has not ended, or lies before the first contract.
 */
export async function reportOf(db: DuckDBConnection, options: ReportOptions): Promise<Report> {
  const convention = conventionOf(options.convention);
  const book = await readBook(db);
  const month = monthAsked(book, options.month);
  const figures: Figure[] = [];
  for (const metric of metrics().values()) {
    const switches = switchesOf(metric, convention, options.over);
    const [figure] = await churnOf(db, metric.id, switches, [month]);
    if (figure === undefined) continue;
    const interval = await intervalOf(db, metric, switches, figure);
    figures.push({ ...figureOf(metric, convention, figure, book), interval });
  }
  return {
    month,
    convention: convention.id,
    conventionName: convention.name,
    over: options.over,
    currency: book.home_currency,
    figures,
  };
}

/** The month that is asked for, as its first day; throws as `reportOf` does. */
export async function reportMonth(db: DuckDBConnection, asked: string | null): Promise<string> {
  return monthAsked(await readBook(db), asked);
}

/** The months that can be reported, the first days of all that are over, oldest first. */
export function monthsOf(book: PublishedBook): string[] {
  if (book.first_day === null) return [];
  const last = lastMonthOver(book);
  const months: string[] = [];
  let month = Temporal.PlainDate.from(book.first_month ?? book.first_day).with({ day: 1 });
  for (; Temporal.PlainDate.compare(month, last) <= 0; month = month.add({ months: 1 }))
    months.push(month.toString());
  return months;
}

function lastMonthOver(book: PublishedBook): Temporal.PlainDate {
  const tomorrow = Temporal.PlainDate.from(book.today).add({ days: 1 });
  return tomorrow.with({ day: 1 }).subtract({ months: 1 });
}

function monthAsked(book: PublishedBook, asked: string | null): string {
  const months = monthsOf(book);
  const last = months.at(-1);
  if (last === undefined)
    throw new AppError(
      'invalid',
      'No month is over since the first contract began: there is nothing to report yet.',
    );
  if (asked === null) return last;
  const found = months.find((month) => month.startsWith(`${asked}-`));
  if (found === undefined)
    throw new AppError(
      'invalid',
      `${JSON.stringify(asked)} cannot be reported. Give a month from ${months[0]?.slice(0, 7)} to ${last.slice(0, 7)}, written as 2026-05.`,
    );
  return found;
}

const HOUSE: Switches = {
  moment: 'service_end',
  returner: 'grace',
  joiner_leaver: 'cohort',
  denominator: 'start',
  annual: 'same',
  contraction: 'netted',
  reactivation: 'left_out',
  free: 'churn',
  clock: 'month',
};

function switchesOf(metric: Metric, convention: Convention, over: 'month' | 'year'): Switches {
  const measure = MEASURES.find((one) => metric.made.includes(one));
  const own = measure === undefined ? HOUSE : convention[measure];
  return over === 'year' ? { ...own, clock: 'trailing_year' } : own;
}

function figureOf(
  metric: Metric,
  convention: Convention,
  figure: MonthFigure,
  book: PublishedBook,
): Omit<Figure, 'interval'> {
  const last = Temporal.PlainDate.from(figure.month).add({ months: 1 }).subtract({ days: 1 });
  return {
    id: metric.id,
    name: metric.name,
    value: figure.value,
    unit: metric.unit,
    numerator: figure.numerator,
    denominator: figure.denominator,
    n: figure.customers,
    convention: metric.isByConvention ? convention.id : 'house',
    version: metric.version,
    asOf: last.toString(),
    knownAt: book.known_at.toISOString(),
  };
}
