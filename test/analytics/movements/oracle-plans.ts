import type { Rules } from './book.ts';
import type { Units } from './oracle-units.ts';

/** A contract that counts, its days as numbers; the end is the first day not served. */
export interface Term {
  id: string;
  plan: string;
  currency: string;
  mrr: Units;
  home: Units | null;
  worth: Units;
  start: number;
  end: number;
  pauseStart: number;
  pauseEnd: number;
}

/** A plan (or the whole account) at the close of a day. `changed` names who started, ended, paused or resumed, lapses looked through. */
export interface PlanDay {
  running: Term[];
  resting: Term[];
  isLapse: boolean;
  changed: string[];
}

/** Every day of a plan from `first` to `last`; a lapse within the grace repeats the day before it. */
export function planDays(terms: readonly Term[], rules: Rules, first: number, last: number): PlanDay[] {
  const isServed = (day: number): boolean => terms.some((term) => term.mrr >= 0n && isThere(term, day));
  const days: PlanDay[] = [];
  let held: string[] = [];
  for (let day = first; day <= last; day += 1) {
    const changed = terms.filter((term) => statusOf(term, day) !== statusOf(term, day - 1));
    held.push(...changed.map((term) => term.id));
    const before = days.at(-1);
    if (before !== undefined && isKept(isServed, day, rules, first, last)) {
      days.push({ ...before, isLapse: true, changed: [] });
      continue;
    }
    days.push({
      running: terms.filter((term) => statusOf(term, day) === 'running'),
      resting: terms.filter((term) => statusOf(term, day) === 'resting'),
      isLapse: false,
      changed: held,
    });
    held = [];
  }
  return days;
}

function isKept(
  isServed: (day: number) => boolean,
  day: number,
  rules: Rules,
  first: number,
  last: number,
): boolean {
  if (isServed(day)) return false;
  let from = day;
  while (from > first && !isServed(from - 1)) from -= 1;
  if (!isServed(from - 1)) return false;
  let to = day;
  while (to <= last && !isServed(to)) to += 1;
  // `to` is the day of return, or the day after the horizon if there was none by then
  if (to > last && rules.open_lapse === 'churn') return false;
  const length = to - from;
  return rules.grace_edge === 'inclusive' ? length <= rules.grace_days : length < rules.grace_days;
}

function isThere(term: Term, day: number): boolean {
  return term.start <= day && day < term.end;
}

function statusOf(term: Term, day: number): 'absent' | 'running' | 'resting' {
  if (!isThere(term, day)) return 'absent';
  return term.pauseStart <= day && day < term.pauseEnd ? 'resting' : 'running';
}
