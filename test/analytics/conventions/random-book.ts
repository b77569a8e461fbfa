import fc from 'fast-check';
import { MEASURES, Switches, type Measure } from '../../../src/core/reports/conventions.ts';
import { HOUSE, type Contract, type Rules } from '../movements/book.ts';
import { dayNumber, toDate } from '../movements/oracle-units.ts';
import { RandomBook } from '../movements/random-book.ts';

/** Notice before the start, on it, in the term, on its last days and after it; and how long a contract binds. */
const Notice = fc.record({
  /** days from the start, or from the end where it is counted back; null is none */
  day: fc.constantFrom(null, null, -20, 0, 1, 3, 12, 30, 60),
  isFromEnd: fc.boolean(),
  term_months: fc.constantFrom(null, 1, 1, 12, 24),
});

/** Contracts of a few accounts, some of them under notice. */
export const NoticedBook: fc.Arbitrary<Contract[]> = fc
  .tuple(RandomBook, fc.infiniteStream(Notice))
  .map(([book, notices]) => book.map((row) => noticed(row, notices.next().value)));

function noticed(
  row: Contract,
  { day, isFromEnd, term_months }: { day: number | null; isFromEnd: boolean; term_months: number | null },
): Contract {
  if (day === null) return { ...row, term_months };
  const from =
    isFromEnd && row.service_end_date !== null
      ? dayNumber(row.service_end_date) - day
      : dayNumber(row.start_date) + day;
  return { ...row, term_months, notice_date: toDate(from) };
}

/** The settings of a book that a convention leaves alone. */
export const BookRules: fc.Arbitrary<Rules> = fc.record({
  as_of: fc.constant('2026-09-30'),
  grace_days: fc.constantFrom(30, 30, 3, 0),
  grace_edge: fc.constantFrom('inclusive', 'exclusive'),
  grace_scope: fc.constantFrom('account', 'account', 'contract'),
  open_lapse: fc.constantFrom('churn', 'keep'),
  paid_to_free_house: fc.constantFrom('churn', 'active'),
  pause: fc.constantFrom('own_line', 'own_line', 'churn', 'keep'),
  negative_rows: fc.constantFrom('subtract', 'ignore'),
  fixed_fx: fc.constantFrom('settings_date', 'contract_start'),
  unit: fc.constant(HOUSE.unit),
});

const { shape } = Switches;

/** Any set of switches, whether a convention has it or not. */
export const RandomSwitches: fc.Arbitrary<Switches> = fc.record({
  moment: fc.constantFrom(...shape.moment.options),
  returner: fc.constantFrom(...shape.returner.options),
  joiner_leaver: fc.constantFrom(...shape.joiner_leaver.options),
  denominator: fc.constantFrom(...shape.denominator.options),
  annual: fc.constantFrom(...shape.annual.options),
  contraction: fc.constantFrom(...shape.contraction.options),
  reactivation: fc.constantFrom(...shape.reactivation.options),
  free: fc.constantFrom(...shape.free.options),
  clock: fc.constantFrom(...shape.clock.options),
});

export const RandomMeasure: fc.Arbitrary<Measure> = fc.constantFrom(...MEASURES);
/** The months in which those books move. */
export const MONTHS = ['2026-02-01', '2026-03-01', '2026-04-01', '2026-06-01', '2026-08-01'];
