import {
  bcaInterval,
  type BootstrapOptions,
  DEFAULT_RESAMPLES,
  percentileInterval,
  resample,
} from './bootstrap.ts';
import type { Interval } from './interval.ts';

/** One account's part of both sums, in one unit (minor units of money, or counts). */
export interface RatioRow {
  readonly numerator: number;
  readonly denominator: number;
}

/** Up to so many accounts the interval is BCa; above, where bias and skewness no longer matter, percentile. */
const MOST_FOR_BCA = 5000;

/**
 * The bootstrap interval of sum(numerator) / sum(denominator) over accounts, which are drawn whole. Several rows of one account must be added
 * up before. Null where there is no account or the denominators add up to 0, and where every resample gives the same ratio.
 */
export function ratioInterval(rows: Iterable<RatioRow>, options: BootstrapOptions): Interval | null {
  const { numerators, denominators } = columnsOf(rows);
  const n = numerators.length;
  const sums = { numerator: sumOf(numerators), denominator: sumOf(denominators) };
  if (n === 0 || sums.denominator === 0) return null;
  const values = new Float64Array(options.resamples ?? DEFAULT_RESAMPLES);
  resample(n, options, (drawn, round) => {
    values[round] = drawnRatio(numerators, denominators, drawn);
  });
  if (n > MOST_FOR_BCA) return percentileInterval(values, options.level);
  const jackknife = numerators.map(
    (numerator, k) => (sums.numerator - numerator) / (sums.denominator - (denominators[k] ?? 0)),
  );
  return bcaInterval({ values, estimate: sums.numerator / sums.denominator, jackknife }, options.level);
}

/** Infinite or NaN where the denominators that were drawn add up to 0. */
function drawnRatio(numerators: Float64Array, denominators: Float64Array, drawn: Uint32Array): number {
  let above = 0;
  let below = 0;
  for (let k = 0; k < drawn.length; k += 1) {
    const times = drawn[k] ?? 0;
    above += times * (numerators[k] ?? 0);
    below += times * (denominators[k] ?? 0);
  }
  return above / below;
}

function columnsOf(rows: Iterable<RatioRow>): { numerators: Float64Array; denominators: Float64Array } {
  const list = [...rows];
  const numerators = Float64Array.from(list, (row) => row.numerator);
  const denominators = Float64Array.from(list, (row) => row.denominator);
  if (!numerators.every(Number.isFinite) || !denominators.every(Number.isFinite))
    throw new RangeError('A ratio needs finite numbers for every account; leave missing ones out.');
  return { numerators, denominators };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
