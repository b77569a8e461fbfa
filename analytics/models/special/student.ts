import { regularisedBeta } from './incomplete-beta.ts';
import { lnBeta } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import type { Tails } from './tails.ts';

/** Both tails of Student's t distribution with `degrees` > 0 of freedom (Abramowitz & Stegun 26.7.1 and 26.5.27). */
export function studentTails(t: number, degrees: number): Tails {
  if (Number.isNaN(t) || !(degrees > 0))
    throw new RangeError(`studentTails needs a number and degrees > 0 and got ${t} and ${degrees}.`);
  const square = t * t;
  const whole = degrees + square;
  const x = square === Infinity ? 0 : degrees / whole;
  const beyond = 0.5 * regularisedBeta(degrees / 2, 0.5, x, square === Infinity ? 1 : square / whole).lower;
  return t >= 0
    ? { lower: 1 - beyond, upper: beyond, lnUpper: Math.log(beyond) }
    : { lower: beyond, upper: 1 - beyond, lnUpper: Math.log1p(-beyond) };
}

/** Below this the square of t leaves the range of a double at one degree of freedom. */
const LEAST_TAIL = 1e-150;

/**
 * The quantile of Student's t distribution: t with P(T <= t) = p, for p and 1 - p of at least 1e-150. Newton's method on the tail, kept
 * inside a bracket; the start is the normal quantile. For an upper tail q ask for -studentQuantile(q, degrees).
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= LEAST_TAIL && p < 1) || !(degrees > 0))
    throw new RangeError(
      `studentQuantile needs 1e-150 <= p < 1 and degrees > 0 and got ${p} and ${degrees}.`,
    );
  if (p === 0.5) return 0;
  const t = upperPoint(p < 0.5 ? p : 1 - p, degrees);
  return p < 0.5 ? -t : t;
}

/** t > 0 with P(T > t) = q, for q < 1/2. */
function upperPoint(q: number, degrees: number): number {
  let low = 0;
  let high = Infinity;
  let t = Math.max(-normalQuantile(q), 1e-8);
  for (let step = 0; step < 400; step += 1) {
    const tail = studentTails(t, degrees).upper;
    if (tail > q) low = t;
    else high = t;
    const next = within(newton(t, tail, q, degrees), low, high);
    if (Math.abs(next - t) <= 1e-15 * next) return next;
    t = next;
  }
  return t;
}

/** A step on ln P(T > t) against ln t far out, where the tail is a power of t, and on the tail itself near the centre. */
function newton(t: number, tail: number, q: number, degrees: number): number {
  const density = studentDensity(t, degrees);
  if (q > 0.2) return t + (tail - q) / density;
  return t * Math.exp((Math.log(tail / q) * tail) / (density * t));
}

function within(candidate: number, low: number, high: number): number {
  if (candidate > low && candidate < high) return candidate;
  return high === Infinity ? 2 * low : (low + high) / 2;
}

function studentDensity(t: number, degrees: number): number {
  const ln =
    -0.5 * (degrees + 1) * Math.log1p((t * t) / degrees) - 0.5 * Math.log(degrees) - lnBeta(degrees / 2, 0.5);
  return Math.exp(ln);
}
