export const LN_TWO_PI = 1.8378770664093456;
const HALF_LN_TWO_PI = LN_TWO_PI / 2;
/** From here on the first nine terms of Stirling's series give all digits of a double. */
const STIRLING_FROM = 15;
/** B(2k) / (2k (2k - 1)), DLMF 5.11.1. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
];
/** Lanczos' coefficients for g = 7 and nine terms (P. Godfrey 2001). */
const LANCZOS_G = 7;
const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
];

/**
 * What Stirling's formula leaves out: ln gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), for x > 0. About 1 / (12 x). Kept apart because
 * differences of ln gamma at large arguments lose the digits that ratios of this small number keep (Loader 2000).
 */
export function stirlingError(x: number): number {
  if (x < STIRLING_FROM) return lnGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI);
  const inverse = 1 / x;
  const square = inverse * inverse;
  return inverse * STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0);
}

/** Natural logarithm of the gamma function of x > 0; absolute error about 1e-14, relative 1e-15 for large x. DLMF 5.11. */
export function lnGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`lnGamma needs a number above 0 and got ${x}.`);
  if (x >= STIRLING_FROM) return (x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI + stirlingError(x);
  if (x < 0.5) return lnGamma(x + 1) - Math.log(x);
  const shifted = x - 1;
  const base = shifted + LANCZOS_G + 0.5;
  const series = LANCZOS.reduce(
    (sum, coefficient, k) => sum + (k === 0 ? coefficient : coefficient / (shifted + k)),
    0,
  );
  return HALF_LN_TWO_PI + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/** Natural logarithm of the beta function of a, b > 0, without the cancellation of three large ln gamma (as R's lbeta). */
export function lnBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < STIRLING_FROM) return lnGamma(small) + lnGamma(large) - lnGamma(small + large);
  const ratio = Math.log1p(-small / (small + large));
  const error = stirlingError(large) - stirlingError(small + large);
  if (small < STIRLING_FROM)
    return lnGamma(small) + error + small - small * Math.log(small + large) + (large - 0.5) * ratio;
  const share = Math.log(small / (small + large));
  return (
    HALF_LN_TWO_PI -
    0.5 * Math.log(large) +
    stirlingError(small) +
    error +
    (small - 0.5) * share +
    large * ratio
  );
}

/**
 * x ln(x / mean) + mean - x, the deviance of a count x > 0 against mean > 0, with all its digits where the two are close (Loader 2000, bd0).
 */
export function deviance(x: number, mean: number): number {
  const gap = x - mean;
  if (Math.abs(gap) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - gap;
  const v = gap / (x + mean);
  let power = 2 * x * v;
  let sum = gap * v;
  for (let k = 1; k < 1000; k += 1) {
    power *= v * v;
    const next = sum + power / (2 * k + 1);
    if (next === sum) return next;
    sum = next;
  }
  return sum;
}
