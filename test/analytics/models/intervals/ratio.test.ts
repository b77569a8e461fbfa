import { expect, it } from 'vitest';
import { seededRandom } from '../../../../analytics/models/random.ts';
import { ratioInterval, type RatioRow } from '../../../../analytics/models/intervals/ratio.ts';

/** Populations of ten cities of the United States in 1930 over 1920 (Davison & Hinkley 1997, table 1.3; R's boot::city). */
const CITIES: readonly RatioRow[] = (
  [
    [143, 138],
    [104, 93],
    [69, 61],
    [260, 179],
    [75, 48],
    [63, 37],
    [50, 29],
    [48, 23],
    [111, 30],
    [50, 2],
  ] as const
).map(([numerator, denominator]) => ({ numerator, denominator }));

function manyAccounts(n: number): RatioRow[] {
  const random = seededRandom(11);
  return Array.from({ length: n }, () => {
    const denominator = 1 + random.below(50);
    return { denominator, numerator: random.below(denominator) };
  });
}

it("the BCa interval of the cities' ratio is that of R's boot package within the noise of resampling", () => {
  // R 4.2.2, boot 1.3-28.1, seed 1, R = 99999: boot.ci(type = "bca", L = 9 * (mean(j) - j)), where j are the ratios with one city left out,
  // gives 1.2466 to 2.0939; boot.ci(type = "perc") gives 1.2514 to 2.1135.
  const interval = ratioInterval(CITIES, { seed: 1, resamples: 100_000 });
  expect(interval?.method).toBe('bootstrap-bca');
  expect(Math.abs((interval?.low ?? 0) - 1.2466)).toBeLessThan(0.005);
  expect(Math.abs((interval?.high ?? 0) - 2.0939)).toBeLessThan(0.02);
});

it('the same seed gives the same interval, another one a close one', () => {
  const first = ratioInterval(CITIES, { seed: 5 });
  expect(ratioInterval(CITIES, { seed: 5 })).toEqual(first);
  expect(ratioInterval(CITIES, { seed: 6 })).not.toEqual(first);
});

it('the unit of both sums changes nothing, and that of the numerator scales the interval', () => {
  const plain = ratioInterval(CITIES, { seed: 5 });
  const cents = CITIES.map((row) => ({ numerator: row.numerator * 128, denominator: row.denominator * 128 }));
  const doubled = CITIES.map((row) => ({ ...row, numerator: row.numerator * 2 }));
  expect(ratioInterval(cents, { seed: 5 })).toEqual(plain);
  expect(ratioInterval(doubled, { seed: 5 })?.low).toBeCloseTo(2 * (plain?.low ?? NaN), 12);
});

it('up to 5,000 accounts it is BCa, above percentile', () => {
  expect(ratioInterval(manyAccounts(5000), { seed: 1, resamples: 50 })?.method).toBe('bootstrap-bca');
  expect(ratioInterval(manyAccounts(5001), { seed: 1, resamples: 50 })?.method).toBe('bootstrap-percentile');
});

it('there is none without accounts, without a denominator, and where all accounts say the same', () => {
  expect(ratioInterval([], { seed: 1 })).toBeNull();
  expect(ratioInterval([{ numerator: 0, denominator: 0 }], { seed: 1 })).toBeNull();
  expect(
    ratioInterval(
      Array.from({ length: 30 }, (_, k) => ({ numerator: 0, denominator: k })),
      { seed: 1 },
    ),
  ).toBeNull();
});

it('what is no number is refused with a sentence', () => {
  expect(() => ratioInterval([{ numerator: NaN, denominator: 1 }], { seed: 1 })).toThrow('finite numbers');
  expect(() => ratioInterval(CITIES, { seed: 1, resamples: 0 })).toThrow('whole number of resamples');
});
