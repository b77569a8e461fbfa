import { type Interval, normalMultiplier } from '../intervals/interval.ts';

/**
 * The interval of a probability p that is normal on the scale ln(-ln p) (Kalbfleisch & Prentice 1980): p^exp(+-z se / (p ln p)). It stays
 * within 0 and 1. Null at 0 and at 1, where that scale has no value, and without a standard error.
 */
export function logLogInterval(p: number, standardError: number | null, level: number): Interval | null {
  const z = normalMultiplier(level);
  if (standardError === null || !(p > 0 && p < 1)) return null;
  const shift = Math.abs((z * standardError) / (p * Math.log(p)));
  return {
    low: p ** Math.exp(shift),
    high: p ** Math.exp(-shift),
    method: 'log-log',
    level,
  };
}
