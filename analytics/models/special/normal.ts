import { regularisedGamma } from './incomplete-gamma.ts';
import type { Tails } from './tails.ts';

/** Both tails of the standard normal distribution at z (DLMF 7.11.1: erfc as an incomplete gamma function). */
export function normalTails(z: number): Tails {
  if (Number.isNaN(z)) throw new RangeError('normalTails needs a number.');
  const { lower, upper, lnUpper } = regularisedGamma(0.5, (z * z) / 2);
  const beyond = 0.5 * upper;
  const within = 0.5 + 0.5 * lower;
  return z >= 0
    ? { lower: within, upper: beyond, lnUpper: lnUpper - Math.LN2 }
    : { lower: beyond, upper: within, lnUpper: Math.log1p(-beyond) };
}

/**
 * The quantile of the standard normal distribution: z with P(Z <= z) = p, for p from 0 to 1 (-Infinity and Infinity at the ends). Algorithm
 * AS 241, PPND16 (Wichura 1988), about 16 digits. For an upper tail q ask for -normalQuantile(q), never for normalQuantile(1 - q).
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile needs a probability and got ${p}.`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const [shift, above, below] = r <= 5 ? MIDDLE : FAR;
  const z = polynomial(above, r - shift) / polynomial(below, r - shift);
  return q < 0 ? -z : z;
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const CENTRE = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
] as const;
const MIDDLE = [
  1.6,
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
] as const;
const FAR = [
  5,
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
] as const;
