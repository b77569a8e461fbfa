import { deviance, LN_TWO_PI, stirlingError } from './gamma.ts';
import { inverseOfContinuedFraction } from './continued-fraction.ts';
import type { Tails } from './tails.ts';

const MOST_TERMS = 1_000_000;

/**
 * The regularised incomplete gamma function at x >= 0 for a > 0: `lower` is P(a, x), `upper` is Q(a, x). The smaller of the two is computed
 * directly, never as 1 minus the other: a series below a + 1, Legendre's continued fraction above (DLMF 8.11.4 and 8.9.2).
 */
export function regularisedGamma(a: number, x: number): Tails {
  if (!(a > 0) || !(x >= 0))
    throw new RangeError(`regularisedGamma needs a > 0 and x >= 0 and got ${a} and ${x}.`);
  if (x === 0) return { lower: 0, upper: 1, lnUpper: 0 };
  if (x === Infinity) return { lower: 1, upper: 0, lnUpper: -Infinity };
  if (x < a + 1) {
    const lower = Math.min(1, (Math.exp(lnPrefix(a, x)) * series(a, x)) / a);
    return { lower, upper: 1 - lower, lnUpper: Math.log1p(-lower) };
  }
  const lnUpper = lnPrefix(a, x) + Math.log(fraction(a, x));
  const upper = Math.exp(lnUpper);
  return { lower: 1 - upper, upper, lnUpper };
}

/** ln of x^a e^-x / gamma(a). */
function lnPrefix(a: number, x: number): number {
  return 0.5 * (Math.log(a) - LN_TWO_PI) - stirlingError(a) - deviance(a, x);
}

/** 1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + ... */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < MOST_TERMS; k += 1) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum;
}

/** gamma(a, x) upper, over x^a e^-x. */
function fraction(a: number, x: number): number {
  return inverseOfContinuedFraction(x + 1 - a, (k) => [-k * (k - a), x + 2 * k + 1 - a]);
}
