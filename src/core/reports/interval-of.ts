import type { DuckDBConnection } from '@duckdb/node-api';
import type { Interval } from '../../../analytics/models/intervals/interval.ts';
import { ratioInterval } from '../../../analytics/models/intervals/ratio.ts';
import { wilson } from '../../../analytics/models/intervals/wilson.ts';
import { readAccountRows } from '../../warehouse/churn.ts';
import type { Metric } from '../../warehouse/metrics.ts';
import { rulesOf, type MonthFigure } from './churn.ts';
import type { Switches } from './conventions.ts';
import { windowsOf } from './windows.ts';

/** Published intervals are the same on every machine. */
const SEED = 20_260_101;

/**
 * The 95 % interval of a month's figure, over accounts. Null where there is none to give: without a denominator, for sums of daily rates, for a
 * count that is no share (more was lost than there was at the opening).
 */
export async function intervalOf(
  db: DuckDBConnection,
  metric: Metric,
  switches: Switches,
  figure: MonthFigure,
): Promise<Interval | null> {
  if (figure.value === null || switches.clock === 'daily') return null;
  const { numerator, denominator } = figure;
  if (metric.interval === 'wilson')
    return numerator < 0 || numerator > denominator ? null : wilson({ hits: numerator, n: denominator });
  const windows = windowsOf(switches.clock, figure.month);
  const [rows = []] = await readAccountRows(db, metric.id, [rulesOf(switches)], windows, 'all');
  const accounts = new Map<string | null, { numerator: number; denominator: number }>();
  for (const row of rows) {
    const own = accounts.get(row.account) ?? { numerator: 0, denominator: 0 };
    own.numerator += row.numerator * windows.length;
    own.denominator += row.denominator;
    accounts.set(row.account, own);
  }
  return ratioInterval(accounts.values(), { seed: SEED });
}
