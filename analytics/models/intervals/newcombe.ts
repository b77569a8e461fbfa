import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { type Proportion, wilson } from './wilson.ts';

/**
 * The interval of the difference of two independent proportions, first minus second, from their Wilson intervals: the hybrid score method,
 * number 10 of Newcombe 1998, without continuity correction. Null where either n = 0.
 */
export function newcombe(
  first: Proportion,
  second: Proportion,
  level: number = DEFAULT_LEVEL,
): Interval | null {
  const one = wilson(first, level);
  const two = wilson(second, level);
  if (one === null || two === null) return null;
  const p = first.hits / first.n;
  const q = second.hits / second.n;
  return {
    low: p - q - Math.hypot(p - one.low, two.high - q),
    high: p - q + Math.hypot(one.high - p, q - two.low),
    method: 'newcombe',
    level,
  };
}
