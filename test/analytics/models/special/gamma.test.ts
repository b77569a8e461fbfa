import { expect, it } from 'vitest';
import { deviance, lnBeta, lnGamma, stirlingError } from '../../../../analytics/models/special/gamma.ts';
import { regularisedGamma } from '../../../../analytics/models/special/incomplete-gamma.ts';
import { expectNear } from '../near.ts';

// mpmath 1.3.0 with 40 digits: loggamma(x)
const LN_GAMMA = [
  [1e-8, 18.42068073818021],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [0.999999, 5.772164873855652e-7],
  [1.0, 0.0],
  [1.5, -0.12078223763524522],
  [2.0000001, 4.227843666532498e-8],
  [3.7, 1.428072326665388],
  [10.0, 12.801827480081469],
  [14.9, 24.924132002217277],
  [15.0, 25.19122118273868],
  [100.5, 361.4355404677776],
  [1000000.0, 12815504.569147611],
  [1000000000000000, 33538776394910668],
] as const;
// mpmath 1.3.0 with 40 digits: loggamma(a) + loggamma(b) - loggamma(a + b)
const LN_BETA = [
  [0.5, 0.5, 1.1447298858494002],
  [1, 3, -1.0986122886681098],
  [0.5, 500000, -5.988816495777464],
  [500000.0, 500000.0, -693152.4762292606],
  [20, 3, -8.438149984075784],
  [0.001, 2, 6.906755778649053],
  [12.5, 40, -29.016702862091726],
  [14.9, 0.1, 1.9856234712128018],
] as const;
// mpmath 1.3.0 with 40 digits: gammainc(a, 0, x, regularized=True), gammainc(a, x, inf, regularized=True)
const INCOMPLETE = [
  [0.5, 0.1, 0.345279153981423, 0.654720846018577],
  [0.5, 50, 1.0, 1.523970604832105e-23],
  [0.5, 700, 1.0, 2.1010145162642176e-306],
  [1, 2, 0.8646647167633873, 0.1353352832366127],
  [3, 0.01, 1.654216528074877e-7, 0.9999998345783472],
  [10, 9.5, 0.4781739777627926, 0.5218260222372074],
  [10, 11.5, 0.7112054604513287, 0.28879453954867124],
  [100, 130, 0.9972495916326934, 0.002750408367306526],
  [1000, 900, 0.0005499022657117829, 0.9994500977342882],
  [50000, 50100, 0.6730699893761954, 0.3269300106238046],
  [2.5, 1e-10, 3.009011112039771e-26, 1.0],
] as const;

it('ln gamma agrees with forty-digit values, near its zeros to 1e-14', () => {
  for (const [x, wanted] of LN_GAMMA)
    expect(Math.abs(lnGamma(x) - wanted), `x = ${x}`).toBeLessThanOrEqual(
      Math.max(1e-14, 1e-14 * Math.abs(wanted)),
    );
});

it('ln beta agrees with forty-digit values where both, one or none of its arguments is large', () => {
  for (const [a, b, wanted] of LN_BETA) expectNear(lnBeta(a, b), wanted, 1e-14);
});

it('both tails of the incomplete gamma function keep their digits down to 1e-306', () => {
  for (const [a, x, lower, upper] of INCOMPLETE) {
    const tails = regularisedGamma(a, x);
    expectNear(tails.lower, lower, 1e-13);
    expectNear(tails.upper, upper, 1e-13);
    expectNear(Math.exp(tails.lnUpper), tails.upper, 1e-12);
  }
});

it('the logarithm of the upper tail goes on where the tail itself is 0', () => {
  // mpmath 1.3.0: log(erfc(sqrt(5000))), which is Q(1/2, 5000)
  const tails = regularisedGamma(0.5, 5000);
  expect(tails.upper).toBe(0);
  expectNear(tails.lnUpper, -5004.831061513645, 1e-14);
});

it('the ends and arguments outside are answered plainly', () => {
  expect(regularisedGamma(2, 0)).toEqual({ lower: 0, upper: 1, lnUpper: 0 });
  expect(regularisedGamma(2, Infinity).upper).toBe(0);
  expect(() => regularisedGamma(0, 1)).toThrow('needs a > 0');
  expect(() => lnGamma(-1)).toThrow('above 0');
});

it('the parts that replace large differences are what they say', () => {
  // mpmath 1.3.0: loggamma(3) - (2.5 log 3 - 3 + log(2 pi) / 2); 100 log(100 / 101) + 1
  expectNear(stirlingError(3), 0.02767792568499834, 1e-13);
  expectNear(deviance(100, 101), 0.004966914683191715, 1e-13);
  expectNear(deviance(2, 9), 2 * Math.log(2 / 9) + 7, 1e-15);
  expect(deviance(5, 5)).toBe(0);
});
