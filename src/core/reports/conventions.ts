import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/**
 * What two conventions can differ in. Every measure of a convention has a complete set.
 */
export const Switches = z.strictObject({
  /** where a loss lands: the first day without service, or the day notice was given */
  moment: z.enum(['service_end', 'notice']),
  /** who comes back: not lost within the grace, not lost within the window, lost once, or lost each time */
  returner: z.enum(['grace', 'period', 'once', 'each']),
  /** whose losses count: of customers at the opening, of all but those new in the window, or of all */
  joiner_leaver: z.enum(['cohort', 'first_time', 'counted']),
  denominator: z.enum(['start', 'start_plus_new']),
  /** annual plans with the others, or over a window of their own */
  annual: z.enum(['same', 'apart']),
  /** smaller value: netted within the account between opening and close, each step down, or not at all */
  contraction: z.enum(['netted', 'each', 'left_out']),
  /** whether the value of who returns is taken off the net loss */
  reactivation: z.enum(['netted', 'left_out']),
  /** what going from paid to free is */
  free: z.enum(['churn', 'active']),
  /** the window, and how rates of shorter ones make one */
  clock: z.enum(['month', 'trailing_year', 'rolling_30', 'daily', 'customer_days']),
});
export type Switches = z.output<typeof Switches>;

export const MEASURES = ['customer_churn', 'gross_revenue_churn', 'net_revenue_churn'] as const;
export type Measure = (typeof MEASURES)[number];

const Convention = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/),
  version: z.int().positive(),
  name: z.string().min(1),
  source: z.string().min(1),
  says: z.string().min(1),
  customer_churn: Switches,
  gross_revenue_churn: Switches,
  net_revenue_churn: Switches,
});
export type Convention = z.output<typeof Convention>;

const FOLDER = new URL('../../../analytics/conventions/', import.meta.url);
export const DEFAULT_CONVENTION = 'smsb';

let read: readonly Convention[] | null = null;

/** Every convention there is, the default first, the others by id. Another one is another file. */
export function conventions(): readonly Convention[] {
  read ??= readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => Convention.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))))
    .toSorted(
      (a, b) =>
        Number(b.id === DEFAULT_CONVENTION) - Number(a.id === DEFAULT_CONVENTION) || a.id.localeCompare(b.id),
    );
  return read;
}

/** Throws AppError `not_found` with the names that there are. */
export function conventionOf(id: string): Convention {
  const found = conventions().find((convention) => convention.id === id);
  if (found === undefined)
    throw new AppError(
      'not_found',
      `There is no convention ${JSON.stringify(id)}. Choose one of ${conventions()
        .map((convention) => convention.id)
        .join(', ')}.`,
    );
  return found;
}
