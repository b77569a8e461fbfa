import { addMonths } from './days.ts';
import type { Life } from './life.ts';

/** What was asked of an account on one day, for a month or a year of service. */
export interface Bill {
  issued: number;
  amount: number;
}

const MOST_YEARLY = 20;
const MOST_MONTHLY = 12;

/** The latest bills of an account: one at the start of each month or year that a term covers. */
export function billsOf(life: Life, today: number): Bill[] {
  const step = life.billing === 'monthly' ? 1 : 12;
  const most = life.billing === 'monthly' ? MOST_MONTHLY : MOST_YEARLY;
  const bills: Bill[] = [];
  for (const term of life.terms.slice(-most)) {
    for (let months = 0; months < term.months; months += step) {
      const issued = addMonths(term.start, months);
      if (issued < today) bills.push({ issued, amount: term.mrr * step });
    }
  }
  return bills.slice(-most);
}
