import { DEFAULT_LEVEL, type Interval, normalMultiplier } from './interval.ts';

/** `hits` of `n`: 0 <= hits <= n. Not whole where a denominator is adjusted, as in an actuarial table. */
export interface Proportion {
  readonly hits: number;
  readonly n: number;
}

/**
 * The score interval of a proportion (Wilson 1927), without continuity correction. It is exact at the ends: 0 of n has the low end 0, n of n
 * the high end 1. Null where n = 0.
 */
export function wilson({ hits, n }: Proportion, level: number = DEFAULT_LEVEL): Interval | null {
  const z = normalMultiplier(level);
  if (!(hits >= 0 && hits <= n && n < Infinity))
    throw new RangeError(`A proportion needs 0 <= hits <= n and got ${hits} of ${n}.`);
  if (n === 0) return null;
  const square = z * z;
  const centre = hits + square / 2;
  const half = z * Math.sqrt((hits * (n - hits)) / n + square / 4);
  return {
    low: hits === 0 ? 0 : (centre - half) / (n + square),
    high: hits === n ? 1 : (centre + half) / (n + square),
    method: 'wilson',
    level,
  };
}
