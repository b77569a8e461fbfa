import { deviance, LN_TWO_PI, stirlingError } from './gamma.ts';
import { inverseOfContinuedFraction } from './continued-fraction.ts';
import type { Tails } from './tails.ts';

/**
 * The regularised incomplete beta function at x in [0, 1] for a, b > 0: `lower` is I_x(a, b), `upper` is 1 - I_x(a, b) = I_(1-x)(b, a).
 * The continued fraction (DLMF 8.17.22) is taken on the side where it converges fast. Pass `y` = 1 - x where it is known with more digits
 * than a subtraction leaves.
 */
export function regularisedBeta(a: number, b: number, x: number, y: number = 1 - x): Tails {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1))
    throw new RangeError(`regularisedBeta needs a, b > 0 and x from 0 to 1 and got ${a}, ${b} and ${x}.`);
  if (x === 0) return { lower: 0, upper: 1, lnUpper: 0 };
  if (y === 0) return { lower: 1, upper: 0, lnUpper: -Infinity };
  if (x <= (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, Math.exp(lnBelow(a, b, x, y)));
    return { lower, upper: 1 - lower, lnUpper: Math.log1p(-lower) };
  }
  const lnUpper = Math.min(0, lnBelow(b, a, y, x));
  return { lower: -Math.expm1(lnUpper), upper: Math.exp(lnUpper), lnUpper };
}

function lnBelow(a: number, b: number, x: number, y: number): number {
  return lnPrefix(a, b, x, y) - Math.log(a) + Math.log(fraction(a, b, x));
}

/** ln of x^a y^b / B(a, b), as a binomial point probability (Loader 2000), so that large a and b cost no digits. */
function lnPrefix(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const errors = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return 0.5 * (Math.log(a) + Math.log(b / n) - LN_TWO_PI) + errors - deviance(a, n * x) - deviance(b, n * y);
}

function fraction(a: number, b: number, x: number): number {
  return inverseOfContinuedFraction(1, (k) => [coefficient(a, b, x, k), 1]);
}

function coefficient(a: number, b: number, x: number, k: number): number {
  const m = k >> 1;
  return k % 2 === 0
    ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}
