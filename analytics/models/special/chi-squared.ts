import { regularisedGamma } from './incomplete-gamma.ts';
import type { Tails } from './tails.ts';

/** Both tails of the chi-squared distribution with `degrees` > 0 of freedom at x >= 0 (Abramowitz & Stegun 26.4.19). */
export function chiSquaredTails(x: number, degrees: number): Tails {
  return regularisedGamma(degrees / 2, x / 2);
}
