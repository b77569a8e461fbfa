import { DEFAULT_LEVEL, type Interval } from '../intervals/interval.ts';
import { logLogInterval } from './log-log.ts';
import { pointAt } from './point-at.ts';
import { type RiskTable, riskTable } from './risk-table.ts';
import { eventColumns, type Spell } from './spell.ts';
import type { StartOptions } from './start.ts';

/** The curve just after a time at which somebody left. */
export interface SurvivalPoint {
  readonly time: number;
  /** Spells with entry < time <= exit. May rise from one point to the next. */
  readonly atRisk: number;
  readonly events: number;
  /** Sums of the weights of those; the same numbers where no weight was given. */
  readonly weightAtRisk: number;
  readonly weightEvents: number;
  /** The share of those who reached `start` that is still there, 0 to 1. */
  readonly survival: number;
  /** Greenwood's. Null at survival 0 and on a weighted curve: there a unit of money is no independent account (`weightedSurvival`). */
  readonly standardError: number | null;
  /** Log-log; null where there is no standard error. */
  readonly interval: Interval | null;
}

export interface SurvivalCurve {
  /** The age at which survival is 1; null where never enough were at risk. Everything the curve says is of those who reached it. */
  readonly start: number | null;
  /** The last age at which anybody was seen. After it nothing is known, unless survival is 0. */
  readonly last: number | null;
  readonly spells: number;
  readonly events: number;
  /** Spells with exit <= entry: never at risk. */
  readonly leftOut: number;
  /** Spells that ended at or before `start`. */
  readonly beforeStart: number;
  /** The first event at which fewer than `minimumAtRisk` were at risk; from here on the curve rests on few. */
  readonly thinFrom: number | null;
  /** Where survival fell to 0 though others were seen at later ages: everybody then at risk left. A larger `minimumAtRisk` avoids it. */
  readonly pinnedAt: number | null;
  readonly points: readonly SurvivalPoint[];
}

export interface CurveOptions extends StartOptions {
  readonly level?: number;
}

/**
 * The product-limit estimator with delayed entry (Kaplan & Meier 1958; Klein & Moeschberger 2003, section 4.6), with Greenwood's standard
 * error and log-log intervals. Events come before censorings of the same time. With weights, a share of money instead of a share of accounts.
 * O(n log n).
 */
export function kaplanMeier(spells: Iterable<Spell>, options: CurveOptions = {}): SurvivalCurve {
  const columns = eventColumns(spells);
  const table = riskTable(columns, 1, options);
  const points = pointsOf(table, columns.isCount, options.level ?? DEFAULT_LEVEL);
  const last = table.times.at(-1) ?? null;
  const pinned = points.find((point) => point.survival === 0)?.time ?? null;
  return {
    start: table.start,
    last,
    spells: table.spells,
    events: points.reduce((sum, point) => sum + point.events, 0),
    leftOut: table.leftOut,
    beforeStart: table.beforeStart,
    thinFrom: points.find((point) => point.atRisk < (options.minimumAtRisk ?? 1))?.time ?? null,
    pinnedAt: pinned !== null && last !== null && pinned < last ? pinned : null,
    points,
  };
}

/** The share that is left of a risk set: exactly 0 where all of it left, whatever rounding says of sums of weights. */
export function shareLeft(atRisk: number, left: number): number {
  const share = (atRisk - left) / atRisk;
  return share < 1e-12 ? 0 : share;
}

function pointsOf(table: RiskTable, isCount: boolean, level: number): SurvivalPoint[] {
  const points: SurvivalPoint[] = [];
  let survival = 1;
  let greenwood = 0;
  for (let k = 0; k < table.times.length; k += 1) {
    const events = table.events[0]?.[k] ?? 0;
    if (events === 0) continue;
    const atRisk = table.atRisk[k] ?? 0;
    const weightAtRisk = table.weightAtRisk[k] ?? 0;
    const weightEvents = table.weightEvents[0]?.[k] ?? 0;
    if (weightEvents > 0) survival *= shareLeft(weightAtRisk, weightEvents);
    greenwood += events / (atRisk * (atRisk - events));
    const standardError = isCount && survival > 0 ? survival * Math.sqrt(greenwood) : null;
    const interval = logLogInterval(survival, standardError, level);
    const time = table.times[k] ?? NaN;
    points.push({ time, atRisk, events, weightAtRisk, weightEvents, survival, standardError, interval });
  }
  return points;
}

/** Survival at an age. Null before the start of the curve, and after the last age anybody was seen at, unless survival was 0 by then. */
export function survivalAt(curve: SurvivalCurve, time: number): number | null {
  if (curve.start === null || curve.last === null || time < curve.start) return null;
  const survival = pointAt(curve.points, time)?.survival ?? 1;
  return time > curve.last && survival > 0 ? null : survival;
}
