import { normalQuantile } from '../special/normal.ts';

export type IntervalMethod =
  'wilson' | 'newcombe' | 't' | 'normal' | 'log-log' | 'bootstrap-percentile' | 'bootstrap-bca';

/** A two-sided interval of confidence `level` (0.95), in the unit of what it is an interval of. Where there is none, null stands in its place. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: IntervalMethod;
  readonly level: number;
}

export const DEFAULT_LEVEL = 0.95;

/** z with the probability `level` between -z and z. */
export function normalMultiplier(level: number): number {
  requireLevel(level);
  return -normalQuantile((1 - level) / 2);
}

export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new RangeError(`A confidence level lies between 0 and 1; got ${level}.`);
}
