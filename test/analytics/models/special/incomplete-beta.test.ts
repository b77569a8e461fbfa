import fc from 'fast-check';
import { expect, it } from 'vitest';
import { regularisedBeta } from '../../../../analytics/models/special/incomplete-beta.ts';
import { expectNear } from '../near.ts';

// mpmath 1.3.0 with 60 digits: betainc(a, b, 0, x, regularized=True), betainc(a, b, x, 1, regularized=True)
const INCOMPLETE = [
  [2, 3, 0.4, 0.5248, 0.47519999999999996],
  [0.5, 0.5, 0.5, 0.5, 0.5],
  [0.5, 0.5, 1e-12, 6.366197723676875e-7, 0.9999993633802277],
  [10, 10, 0.9, 0.9999960701176729, 0.000003929882327127992],
  [30, 2, 0.99, 0.9616104854047645, 0.03838951459523551],
  [500, 0.5, 0.999, 0.31731044730971714, 0.6826895526902829],
  [5, 200, 0.2, 0.999999999999995, 5.044494705420826e-15],
  [1.5, 11, 0.001, 0.0008917011094256545, 0.9991082988905744],
  [800, 900, 0.45, 0.04428565148972151, 0.9557143485102785],
] as const;

it('both tails of the incomplete beta function agree with sixty-digit values', () => {
  for (const [a, b, x, lower, upper] of INCOMPLETE) {
    const tails = regularisedBeta(a, b, x);
    expectNear(tails.lower, lower, 2e-14);
    expectNear(tails.upper, upper, 2e-14);
  }
});

it('the tails add up to 1 and mirror each other', () => {
  const shape = fc.double({ min: 0.5, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(shape, shape, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (a, b, x) => {
      const tails = regularisedBeta(a, b, x);
      const mirrored = regularisedBeta(b, a, 1 - x, x);
      expect(Math.abs(tails.lower + tails.upper - 1)).toBeLessThan(1e-14);
      expect(Math.abs(tails.lower - mirrored.upper)).toBeLessThan(1e-12);
    }),
    { seed: 1, numRuns: 300 },
  );
});

it('the ends and arguments outside are answered plainly', () => {
  expect(regularisedBeta(2, 3, 0).lower).toBe(0);
  expect(regularisedBeta(2, 3, 1).upper).toBe(0);
  expect(() => regularisedBeta(2, 3, 1.5)).toThrow('x from 0 to 1');
});
