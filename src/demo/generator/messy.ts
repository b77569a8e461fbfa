import { addMonths } from './days.ts';
import { lastDay, type Life, type Term } from './life.ts';
import type { World } from './world.ts';

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
export function makeMessy(life: Life, world: World): Life {
  const { today } = world;
  const steady = (terms: readonly Term[]): Life => ({
    ...life,
    created: (terms[0]?.start ?? today) - 90,
    isCustomer: true,
    billing: 'yearly',
    noticeDays: life.noticeDays ?? 30,
    terms: renewedUntil(terms, lastDay(world)),
  });
  // A year of service from so many years and days ago; from one year ago it is still running.
  const year = (yearsAgo: number, shift = 0, kind: Term['kind'] = 'renewal'): Term => {
    const start = addMonths(today, -12 * yearsAgo) + shift;
    return yearFrom(start, kind, 1000);
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
      return { ...life, isCustomer: true, terms: [] };
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

/** A year of service that nobody ends. */
export function yearFrom(start: number, kind: Term['kind'], mrr: number): Term {
  return { kind, start, end: addMonths(start, 12) - 1, months: 12, mrr, expansion: null, leaves: null };
}

/** The terms, and a renewal at the end of the last one for each year that begins by a day. */
export function renewedUntil(terms: readonly Term[], last: number): Term[] {
  const all = [...terms];
  for (
    let term = all.at(-1);
    term !== undefined && term.leaves === null && term.end < last;
    term = all.at(-1)
  )
    all.push(yearFrom(term.end + 1, 'renewal', term.mrr + (term.expansion?.mrr ?? 0)));
  return all;
}
