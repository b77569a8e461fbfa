import type { Random } from './random.ts';

const YEAR_DAYS = 365;

/** Days on which something happens by itself, so many a year, within stretches of days and not before one: the gaps have no memory. */
export function eventDays(
  dice: Random,
  spans: readonly { from: number; to: number }[],
  perYear: number,
  since = Number.NEGATIVE_INFINITY,
): number[] {
  const days: number[] = [];
  for (const { from, to } of spans) {
    let day = Math.max(from, since);
    for (;;) {
      day += (-Math.log(1 - dice.next()) * YEAR_DAYS) / perYear;
      if (day > to) break;
      days.push(Math.floor(day));
    }
  }
  return days;
}
