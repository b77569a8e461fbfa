import fc from 'fast-check';
import { contract, HOUSE, type Contract, type Rules } from './book.ts';
import { dayNumber, toDate } from './oracle-units.ts';

const FIRST = dayNumber('2026-01-01');

/** A contract as it lies after the one before it: a gap (or an overlap), a length, what it pays. */
const Term = fc.record({
  gap: fc.constantFrom(-200, -45, -12, -1, 0, 0, 0, 1, 2, 3, 4, 10, 28, 29, 30, 31, 32, 60),
  length: fc.constantFrom(0, 1, 5, 10, 25, 40, 70, 150, null),
  mrr: fc.constantFrom('100', '100', '120', '50', '0', '33.3333', '-20', '-100', '-33.3333', '0.0001'),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'GBP'),
  rate: fc.constantFrom('fixed', 'fixed', 'fixed', 'other', 'none'),
  line: fc.constantFrom(null, 'a', 'a', 'b'),
  is_trial: fc.constantFrom(false, false, false, false, true),
  pause: fc.option(
    fc.record({
      after: fc.constantFrom(-3, 0, 1, 5, 10, 25),
      length: fc.constantFrom(0, 1, 5, 15, 40, null),
    }),
    { freq: 3 },
  ),
});

const RATE: Record<string, bigint> = { EUR: 10_000n, USD: 9_150n, GBP: 11_873n };

function homeOf(mrr: string, currency: string, rate: string): string | null {
  if (rate === 'none') return null;
  const factor = rate === 'other' ? 10_513n : (RATE[currency] ?? 10_000n);
  const units = BigInt(Math.round(Number(mrr) * 10_000)) * factor;
  return (Number(units / 10_000n) / 10_000).toFixed(4);
}

type Drawn = (typeof Term extends fc.Arbitrary<infer Value> ? Omit<Value, 'mrr'> : never) & { mrr: string };

function contractOf(account: string, id: string, start: number, term: Drawn): Contract {
  const pause = term.pause === null ? null : start + term.pause.after;
  const pauseDays = term.pause?.length ?? null;
  return contract({
    contract_id: id,
    account_id: account,
    line: term.line,
    start_date: toDate(start),
    service_end_date: term.length === null ? null : toDate(start + term.length),
    mrr: term.mrr,
    currency: term.currency,
    home_mrr: homeOf(term.mrr, term.currency, term.rate),
    is_trial: term.is_trial,
    paused_from: pause === null ? null : toDate(pause),
    paused_to: pause === null || pauseDays === null ? null : toDate(pause + pauseDays),
  });
}

/** A discount that runs beside the contracts wherever it falls: into their terms, their gaps, over both. */
const Discount = fc.record({
  day: fc.nat({ max: 150 }),
  term: fc.tuple(Term, fc.constantFrom('-10', '-20', '-100')).map(([term, mrr]) => ({ ...term, mrr })),
});

const Account = fc.record({
  offset: fc.nat({ max: 12 }),
  terms: fc.array(Term, { minLength: 1, maxLength: 6 }),
  discounts: fc.array(Discount, { maxLength: 2 }),
});

/** Contracts of a few accounts that run into, beside and after each other. */
export const RandomBook: fc.Arbitrary<Contract[]> = fc
  .array(Account, { minLength: 1, maxLength: 25 })
  .map((accounts) =>
    accounts.flatMap(({ offset, terms, discounts }, index) => {
      const account = `account ${index}`;
      let end = FIRST + offset;
      const chain = terms.map((term, place) => {
        const start = Math.max(FIRST, end + term.gap);
        end = start + (term.length ?? 200);
        return contractOf(account, `c${place}`, start, term);
      });
      const beside = discounts.map(({ day, term }, place) =>
        contractOf(account, `d${place}`, FIRST + day, term),
      );
      return [...chain, ...beside];
    }),
  );

/** Every setting in every value, and horizons that cut lapses, pauses and terms. */
export const RandomRules: fc.Arbitrary<Rules> = fc.record({
  as_of: fc.option(
    fc.integer({ min: 20, max: 260 }).map((days) => toDate(FIRST + days)),
    { freq: 2 },
  ),
  grace_days: fc.constantFrom(30, 30, 3, 0),
  grace_edge: fc.constantFrom('inclusive', 'exclusive'),
  grace_scope: fc.constantFrom('account', 'contract'),
  open_lapse: fc.constantFrom('churn', 'keep'),
  paid_to_free_house: fc.constantFrom('churn', 'active'),
  pause: fc.constantFrom('own_line', 'own_line', 'churn', 'keep'),
  negative_rows: fc.constantFrom('subtract', 'ignore'),
  fixed_fx: fc.constantFrom('settings_date', 'contract_start'),
  unit: fc.constant(HOUSE.unit),
});
