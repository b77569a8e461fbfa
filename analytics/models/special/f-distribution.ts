import { regularisedBeta } from './incomplete-beta.ts';
import type { Tails } from './tails.ts';

/** Both tails of the F distribution with d1 and d2 degrees of freedom at f >= 0 (Abramowitz & Stegun 26.6.2). */
export function fTails(f: number, d1: number, d2: number): Tails {
  if (!(f >= 0) || !(d1 > 0) || !(d2 > 0))
    throw new RangeError(`fTails needs f >= 0 and degrees > 0 and got ${f}, ${d1} and ${d2}.`);
  if (f === Infinity) return { lower: 1, upper: 0, lnUpper: -Infinity };
  const whole = d1 * f + d2;
  return regularisedBeta(d1 / 2, d2 / 2, (d1 * f) / whole, d2 / whole);
}
