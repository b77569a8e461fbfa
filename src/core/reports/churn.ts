import type { DuckDBConnection } from '@duckdb/node-api';
import { readWindowTotals, type CountingRules, type WindowTotal } from '../../warehouse/churn.ts';
import type { Switches } from './conventions.ts';
import { monthOf, windowsOf } from './windows.ts';

/** A month's figure of a measure. */
export interface MonthFigure {
  /** the first day of the month */
  month: string;
  /** a share of the denominator; null where there is nothing to take it of */
  value: number | null;
  numerator: number;
  /** what was there at the opening; the average of the days under the clocks that look at each day */
  denominator: number;
  /** customers in the denominator at the opening, or on average */
  customers: number;
}

/** The rules of the SQL that switches stand for. */
export function rulesOf(
  switches: Switches,
  plans: CountingRules['plans'] = defaultPlans(switches),
): CountingRules {
  return {
    moment: switches.moment,
    lapses: switches.returner === 'grace' ? 'kept' : 'counted',
    free: switches.free,
    returner: switches.returner === 'grace' || switches.returner === 'period' ? 'kept' : switches.returner,
    joiner_leaver: switches.joiner_leaver,
    denominator: switches.denominator,
    contraction: switches.contraction,
    reactivation: switches.reactivation,
    plans,
  };
}

function defaultPlans({ annual }: Switches): CountingRules['plans'] {
  return annual === 'apart' ? 'not_annual' : 'all';
}

/** A metric, by its id, for each month (its first day), in one reading of the published data. */
export async function churnOf(
  db: DuckDBConnection,
  metric: string,
  switches: Switches,
  months: readonly string[],
): Promise<MonthFigure[]> {
  const windows = months.flatMap((month) => windowsOf(switches.clock, month));
  const totals = await readWindowTotals(db, metric, rulesOf(switches), windows);
  const byMonth = Map.groupBy(totals, ({ window }) => monthOf(window));
  return months.map((month) => figureOf(switches.clock, month, byMonth.get(month) ?? []));
}

function figureOf(clock: Switches['clock'], month: string, totals: readonly WindowTotal[]): MonthFigure {
  const sum = (pick: (total: WindowTotal) => number): number =>
    totals.reduce((all, total) => all + pick(total), 0);
  const windows = windowsOf(clock, month).length;
  const numerator = sum((total) => total.numerator);
  const denominator = sum((total) => total.denominator) / windows;
  const customers = sum((total) => total.customers) / windows;
  const value =
    clock === 'daily'
      ? sum((total) => (total.denominator === 0 ? 0 : total.numerator / total.denominator))
      : numerator / denominator;
  return { month, value: denominator === 0 ? null : value, numerator, denominator, customers };
}
