import { seededRandom } from '../random.ts';
import { normalQuantile, normalTails } from '../special/normal.ts';
import { DEFAULT_LEVEL, type Interval, requireLevel } from './interval.ts';

export interface BootstrapOptions {
  /** A whole number; the same seed gives the same interval on every machine. */
  readonly seed: number;
  readonly level?: number;
  /** How often the accounts are drawn; 2,000 by default. */
  readonly resamples?: number;
}

export const DEFAULT_RESAMPLES = 2000;

/**
 * Draws `n` accounts with replacement, `resamples` times, and calls `visit` with how often each was drawn. The array is reused between draws.
 */
export function resample(
  n: number,
  { seed, resamples = DEFAULT_RESAMPLES }: BootstrapOptions,
  visit: (drawn: Uint32Array, round: number) => void,
): void {
  if (!(Number.isInteger(resamples) && resamples > 0))
    throw new RangeError(`A bootstrap needs a whole number of resamples above 0 and got ${resamples}.`);
  const random = seededRandom(seed);
  const drawn = new Uint32Array(n);
  for (let round = 0; round < resamples; round += 1) {
    drawn.fill(0);
    for (let k = 0; k < n; k += 1) {
      const account = random.below(n);
      drawn[account] = (drawn[account] ?? 0) + 1;
    }
    visit(drawn, round);
  }
}

/**
 * The percentile interval from the values of all resamples. A resample in which the figure was undefined is NaN and left out. Null where fewer
 * than half are defined, and where all are equal: resampling cannot show what happened to no account.
 */
export function percentileInterval(values: Float64Array, level: number = DEFAULT_LEVEL): Interval | null {
  requireLevel(level);
  const sorted = usable(values);
  if (sorted === null) return null;
  const outside = (1 - level) / 2;
  return {
    low: quantile(sorted, outside),
    high: quantile(sorted, 1 - outside),
    method: 'bootstrap-percentile',
    level,
  };
}

/**
 * The bias-corrected and accelerated interval (Efron 1987). `estimate` is the figure of the accounts as they are, `jackknife` the figures with
 * each account left out once. The percentile interval where bias or acceleration cannot be computed; null as there.
 */
export function bcaInterval(
  { values, estimate, jackknife }: { values: Float64Array; estimate: number; jackknife: Float64Array },
  level: number = DEFAULT_LEVEL,
): Interval | null {
  requireLevel(level);
  const sorted = usable(values);
  if (sorted === null) return null;
  const bias = normalQuantile(shareBelow(sorted, estimate));
  const acceleration = accelerationOf(jackknife);
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) return percentileInterval(values, level);
  const z = normalQuantile((1 - level) / 2);
  const adjusted = (point: number): number =>
    normalTails(bias + (bias + point) / (1 - acceleration * (bias + point))).lower;
  return {
    low: quantile(sorted, adjusted(z)),
    high: quantile(sorted, adjusted(-z)),
    method: 'bootstrap-bca',
    level,
  };
}

function usable(values: Float64Array): Float64Array | null {
  const sorted = values.filter(Number.isFinite).toSorted();
  if (sorted.length * 2 < values.length) return null;
  return sorted[0] === sorted.at(-1) ? null : sorted;
}

/** The (B + 1) p-th of B sorted values, between two of them in proportion (Davison & Hinkley 1997, section 5.2). */
function quantile(sorted: Float64Array, p: number): number {
  const place = Math.min(Math.max((sorted.length + 1) * p, 1), sorted.length);
  const below = sorted[Math.floor(place) - 1] ?? NaN;
  const above = sorted[Math.ceil(place) - 1] ?? NaN;
  return below + (place - Math.floor(place)) * (above - below);
}

/** The share below the estimate; those equal to it count half. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  let twice = 0;
  for (const value of sorted) twice += value < estimate ? 2 : value === estimate ? 1 : 0;
  return twice / 2 / sorted.length;
}

function accelerationOf(jackknife: Float64Array): number {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const value of jackknife) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return cubes / (6 * squares ** 1.5);
}
