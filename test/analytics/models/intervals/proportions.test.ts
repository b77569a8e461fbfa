import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newcombe } from '../../../../analytics/models/intervals/newcombe.ts';
import { wilson } from '../../../../analytics/models/intervals/wilson.ts';

function rounded(interval: { low: number; high: number } | null, digits: number): [number, number] | null {
  return interval && [Number(interval.low.toFixed(digits)), Number(interval.high.toFixed(digits))];
}

it('the Wilson interval is that of Newcombe 1998 (two-sided intervals for the single proportion), table I, method 3', () => {
  expect(rounded(wilson({ hits: 81, n: 263 }), 4)).toEqual([0.2553, 0.3662]);
  expect(rounded(wilson({ hits: 15, n: 148 }), 4)).toEqual([0.0624, 0.1605]);
  expect(rounded(wilson({ hits: 0, n: 20 }), 4)).toEqual([0, 0.1611]);
  expect(rounded(wilson({ hits: 1, n: 29 }), 4)).toEqual([0.0061, 0.1718]);
});

it('two of 40, none of 30 and 15 of 22 say how little they say', () => {
  expect(rounded(wilson({ hits: 2, n: 40 }), 3)).toEqual([0.014, 0.165]);
  expect(rounded(wilson({ hits: 0, n: 30 }), 2)).toEqual([0, 0.11]);
  expect(rounded(wilson({ hits: 15, n: 22 }), 2)).toEqual([0.47, 0.84]);
  expect(wilson({ hits: 0, n: 0 })).toBeNull();
});

it('the difference of two proportions is that of Newcombe 1998 (difference between independent proportions), table II, method 10', () => {
  const published = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ] as const;
  for (const [a, m, b, n, low, high] of published)
    expect(rounded(newcombe({ hits: a, n: m }, { hits: b, n }), 4)).toEqual([low, high]);
  expect(newcombe({ hits: 1, n: 5 }, { hits: 0, n: 0 })).toBeNull();
});

it('the level is the one asked for, and a wider one contains a narrower', () => {
  // R 4.2.2: prop.test(7, 50, conf.level = 0.8, correct = FALSE)$conf.int
  const narrow = wilson({ hits: 7, n: 50 }, 0.8);
  expect(narrow?.low).toBeCloseTo(0.08851935972566852, 12);
  expect(narrow?.high).toBeCloseTo(0.21437868848183156, 12);
  expect(narrow).toMatchObject({ method: 'wilson', level: 0.8 });
  const wide = wilson({ hits: 7, n: 50 }, 0.99);
  expect(wide?.low).toBeLessThan(narrow?.low ?? 0);
  expect(wide?.high).toBeGreaterThan(narrow?.high ?? 1);
});

const proportion = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.record({ n: fc.constant(n), hits: fc.integer({ min: 0, max: n }) }));

it('an interval contains what it is of, lies in range, and mirrors', () => {
  fc.assert(
    fc.property(proportion, proportion, (one, two) => {
      const interval = wilson(one);
      const mirrored = wilson({ hits: one.n - one.hits, n: one.n });
      if (interval === null || mirrored === null) throw new Error('there is an interval');
      expect(interval.low).toBeGreaterThanOrEqual(0);
      expect(interval.high).toBeLessThanOrEqual(1);
      expect(interval.low).toBeLessThanOrEqual(one.hits / one.n);
      expect(interval.high).toBeGreaterThanOrEqual(one.hits / one.n);
      expect(mirrored.low).toBeCloseTo(1 - interval.high, 12);
      const difference = newcombe(one, two);
      const opposite = newcombe(two, one);
      expect(difference?.low).toBeCloseTo(-(opposite?.high ?? NaN), 12);
      expect(difference?.low).toBeGreaterThanOrEqual(-1);
      expect(difference?.high).toBeLessThanOrEqual(1);
    }),
    { seed: 4, numRuns: 300 },
  );
});

it('more hits than rows are refused with a sentence', () => {
  expect(() => wilson({ hits: 3, n: 2 })).toThrow('A proportion needs 0 <= hits <= n and got 3 of 2.');
  expect(() => wilson({ hits: 1, n: 2 }, 95)).toThrow('A confidence level lies between 0 and 1; got 95.');
});
