import { Temporal } from 'temporal-polyfill';
import type { Window } from '../../warehouse/churn.ts';
import type { Switches } from './conventions.ts';

/**
 * The windows whose rates make a month's figure under a clock; `month` is its first day. More than one only for the clocks that look at each
 * day.
 */
export function windowsOf(clock: Switches['clock'], month: string): Window[] {
  const first = Temporal.PlainDate.from(month).with({ day: 1 });
  const last = first.add({ months: 1 }).subtract({ days: 1 });
  const window = (opens: Temporal.PlainDate, closes: Temporal.PlainDate): Window => ({
    id: `${first.toString()} ${closes.toString()}`,
    opens: opens.toString(),
    closes: closes.toString(),
  });
  switch (clock) {
    case 'month':
      return [window(first.subtract({ days: 1 }), last)];
    case 'rolling_30':
      return [window(last.subtract({ days: 30 }), last)];
    case 'trailing_year':
      return [window(first.subtract({ months: 11 }).subtract({ days: 1 }), last)];
    case 'daily':
    case 'customer_days':
      return Array.from({ length: first.daysInMonth }, (_, day) => {
        const closes = first.add({ days: day });
        return window(closes.subtract({ days: 1 }), closes);
      });
  }
}

/** The month that a window was made for, as its first day. */
export function monthOf(windowId: string): string {
  return windowId.slice(0, 10);
}
