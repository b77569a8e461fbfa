import type { SurvivalCurve, SurvivalPoint } from './kaplan-meier.ts';

/** An age on the clock of the spells, of those who reached the start of the curve. Null: not reached in what was observed. */
export interface MedianSurvival {
  readonly median: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly method: 'log-log';
  readonly level: number | null;
}

/** Rounding may leave a half a little above one half. */
const HALF = 0.5 + 1e-12;

/**
 * The first age at which survival is one half or less, with the interval of the ages whose log-log interval contains one half (Brookmeyer &
 * Crowley 1982). Where the curve lies at exactly one half for a while the first age of it is given (R's survfit gives the middle). An open
 * end of the interval is null, as are both on a weighted curve.
 */
export function medianSurvival(curve: SurvivalCurve): MedianSurvival {
  const first = (value: (point: SurvivalPoint) => number | undefined): number | null =>
    curve.points.find((point) => (value(point) ?? Infinity) <= HALF)?.time ?? null;
  return {
    median: first((point) => point.survival),
    low: first((point) => point.interval?.low),
    high: first((point) => point.interval?.high),
    method: 'log-log',
    level: curve.points.find((point) => point.interval !== null)?.interval?.level ?? null,
  };
}
