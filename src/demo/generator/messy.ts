import { addMonths } from './days.ts';
import type { Life, Term } from './life.ts';

/**
 * Accounts that are as untidy as real ones, always the same numbers, so that a test can name them. From fifty accounts on
 * all of them exist.
 */
export const MESSY = {
  missingDates: 1,
  overlap: 2,
  gapWithinGrace: 3,
  gapBeyondGrace: 4,
  pause: 5,
  noDeals: 6,
  returner: 7,
  mergedCompany: 8,
  mergedContact: 9,
  archivedDeal: 10,
  dealWithoutAmount: 11,
  closedBeforeMidnight: 12,
  negativeValue: 13,
  unknownCurrency: 14,
  parent: 15,
  child: 16,
  textInNumber: 17,
  wildText: 18,
  duplicateContact: 19,
  internalAccount: 20,
} as const;

/** Bends an account's story where its number asks for it; all others stay. */
export function makeMessy(life: Life, today: number): Life {
  const steady = (terms: readonly Term[]): Life => ({
    ...life,
    created: (terms[0]?.start ?? today) - 90,
    isCustomer: true,
    billing: 'yearly',
    terms,
    churn: null,
  });
  // A year of service from so many years and days ago; from one year ago it is still running.
  const year = (yearsAgo: number, shift = 0, kind: Term['kind'] = 'renewal'): Term => {
    const start = addMonths(today, -12 * yearsAgo) + shift;
    return { kind, start, end: addMonths(start, 12) - 1, months: 12, mrr: 1000, expansion: null };
  };
  switch (life.account) {
    case MESSY.overlap:
      return steady([year(2, 90, 'new'), year(1, 60)]);
    case MESSY.gapWithinGrace:
      return steady([year(2, 60, 'new'), year(1, 75)]);
    case MESSY.gapBeyondGrace:
      return steady([year(2, 60, 'new'), year(1, 180, 'return')]);
    case MESSY.returner:
      return steady([year(3, 60, 'new'), year(1, 75, 'return')]);
    case MESSY.noDeals:
      return { ...life, isCustomer: true, terms: [], churn: null };
    case MESSY.missingDates:
    case MESSY.pause:
    case MESSY.mergedCompany:
    case MESSY.mergedContact:
    case MESSY.archivedDeal:
    case MESSY.dealWithoutAmount:
    case MESSY.closedBeforeMidnight:
    case MESSY.negativeValue:
    case MESSY.unknownCurrency:
    case MESSY.parent:
    case MESSY.child:
    case MESSY.textInNumber:
    case MESSY.wildText:
    case MESSY.duplicateContact:
    case MESSY.internalAccount:
      return steady([year(2, 60, 'new'), year(1, 60)]);
    default:
      return life;
  }
}
