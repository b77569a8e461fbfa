import { z } from 'zod';

/** A named choice with the house's default first. */
function choice<const Options extends readonly [string, ...string[]]>(...options: Options) {
  return z.enum(options).default(options[0]);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const Day = z.iso.date('Write the day as 2026-01-31.');

/**
 * The rules by which a book of contracts is counted. Each has the house's default; whoever changes one sees its name beside every number it
 * shapes.
 */
export const Book = z
  .strictObject({
    as_of: Day.nullable().default(null).describe('The day the book is read at; empty means today.'),
    first_month: Day.nullable().default(null).describe('Reports begin here; empty means the first contract.'),
    home_currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .nullable()
      .default(null)
      .describe('The currency of sums; empty means the portal’s.'),
    time_zone: z
      .string()
      .refine(isTimeZone, 'There is no such time zone. Write it as Europe/Berlin.')
      .nullable()
      .default(null)
      .describe('Days are of this zone; empty means the portal’s.'),
    recording_since: Day.nullable()
      .default(null)
      .describe('The day from which losses were recorded; accounts lost before it are not in the CRM.'),
    fixed_fx_date: Day.nullable().default(null).describe('The day whose rates are used for every sum.'),
    fixed_fx: choice('settings_date', 'contract_start'),
    renewal_min_months: z
      .number()
      .int()
      .min(1)
      .max(24)
      .default(5)
      .describe('Only terms of at least so many months are counted as renewals.'),
    grace_days: z.number().int().min(0).max(365).default(30),
    grace_edge: choice('inclusive', 'exclusive'),
    grace_scope: choice('account', 'contract'),
    open_lapse: choice('churn', 'keep'),
    end_day: choice('exclusive', 'inclusive'),
    missing_service_end: choice('end_date_unless_auto_renew', 'open'),
    paid_to_free_house: choice('churn', 'active'),
    pause: choice('own_line', 'churn', 'keep'),
    merged: choice('fold_history', 'separate'),
    unit: choice('account', 'parent'),
    negative_rows: choice('subtract', 'ignore'),
    churn_source: choice('contracts', 'events', 'flag').describe(
      'What decides that an account left; the others stand beside it as evidence.',
    ),
  })
  .prefault({});

export type Book = z.output<typeof Book>;
