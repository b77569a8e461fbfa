import { DEFAULT_LEVEL, type Interval, normalMultiplier } from '../intervals/interval.ts';
import type { SurvivalCurve } from './kaplan-meier.ts';

export interface RestrictedMean {
  /** Time spent between `from` and `horizon`, on average over those who reached `from`, on the clock of the spells. */
  readonly mean: number;
  /** From Greenwood's terms; null on a weighted curve. */
  readonly standardError: number | null;
  readonly interval: Interval | null;
  readonly from: number;
  /** The one asked for, or the last age anybody was seen at where that is earlier. */
  readonly horizon: number;
}

/**
 * Restricted mean survival time: the area under the curve from its start to a horizon (Klein & Moeschberger 2003, section 4.5), with a normal
 * interval. Null where there is no curve or the horizon is not after its start.
 */
export function restrictedMean(
  curve: SurvivalCurve,
  wanted: number,
  level: number = DEFAULT_LEVEL,
): RestrictedMean | null {
  const z = normalMultiplier(level);
  const horizon = supportedHorizon(curve, wanted);
  if (curve.start === null || horizon === null || !(horizon > curve.start)) return null;
  const { area, variance } = areaOf(curve, curve.start, horizon);
  const standardError = variance === null ? null : Math.sqrt(variance);
  const interval: Interval | null =
    standardError === null || standardError === 0
      ? null
      : { low: area - z * standardError, high: area + z * standardError, method: 'normal', level };
  return { mean: area, standardError, interval, from: curve.start, horizon };
}

function supportedHorizon(curve: SurvivalCurve, wanted: number): number | null {
  if (curve.last === null) return null;
  return curve.points.at(-1)?.survival === 0 ? wanted : Math.min(wanted, curve.last);
}

/** The area, and the sum of (area right of an event)^2 d / (n (n - d)); walked from the horizon backwards. */
function areaOf(
  curve: SurvivalCurve,
  start: number,
  horizon: number,
): { area: number; variance: number | null } {
  const points = curve.points.filter((point) => point.time < horizon);
  const isCount = points.every((point) => point.standardError !== null || point.survival === 0);
  let area = 0;
  let variance = 0;
  let right = horizon;
  for (const { time, survival, atRisk, events } of points.toReversed()) {
    area += survival * (right - time);
    // Where all left the area to the right is 0, and so is the term.
    if (atRisk > events) variance += (area * area * events) / (atRisk * (atRisk - events));
    right = time;
  }
  return { area: area + (right - start), variance: isCount ? variance : null };
}
