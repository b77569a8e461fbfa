import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chiSquaredTails } from '../../../../analytics/models/special/chi-squared.ts';
import { fTails } from '../../../../analytics/models/special/f-distribution.ts';
import { normalQuantile, normalTails } from '../../../../analytics/models/special/normal.ts';
import { studentQuantile, studentTails } from '../../../../analytics/models/special/student.ts';
import { expectNear } from '../near.ts';

// mpmath 1.3.0 with 60 digits throughout; the formula stands above each table.
// erfc(-z / sqrt 2) / 2, erfc(z / sqrt 2) / 2
const NORMAL = [
  [0, 0.5, 0.5],
  [0.1, 0.539827837277029, 0.460172162722971],
  [0.5, 0.6914624612740131, 0.3085375387259869],
  [1, 0.8413447460685429, 0.15865525393145705],
  [1.959963984540054, 0.975, 0.025000000000000012],
  [3, 0.9986501019683699, 0.0013498980316300946],
  [5, 0.9999997133484281, 2.866515718791939e-7],
  [8.5, 1.0, 9.479534822203318e-18],
  [10, 1.0, 7.619853024160525e-24],
  [20, 1.0, 2.7536241186062337e-89],
  [37, 1.0, 5.725571222524577e-300],
  [-2, 0.02275013194817921, 0.9772498680518208],
  [-9, 1.1285884059538405e-19, 1.0],
  [1e-9, 0.5000000003989423, 0.49999999960105773],
] as const;
// the root z of log(erfc(-z / sqrt 2) / 2 / p)
const NORMAL_QUANTILE = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-17, -8.493793224109599],
  [1e-10, -6.361340902404057],
  [1e-5, -4.264890793922825],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.5, 0.0],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.975, 1.9599639845400538],
  [0.999999, 4.753424308817087],
] as const;
// x, degrees: gammainc(degrees / 2, 0, x / 2, regularized=True) and gammainc(degrees / 2, x / 2, inf, regularized=True)
const CHI_SQUARED = [
  [3.841458820694124, 1, 0.95, 0.05000000000000006],
  [16.79, 1, 0.9999582472486108, 0.000041752751389197894],
  [0.5, 4, 0.026499021160743916, 0.9735009788392561],
  [200, 3, 1.0, 4.2185411071920426e-43],
  [1400, 1, 1.0, 2.1010145162642176e-306],
  [90, 100, 0.24680203440017026, 0.7531979655998298],
  [0.001, 2, 0.0004998750208307294, 0.9995001249791693],
] as const;
// t, degrees: upper = betainc(degrees / 2, 1 / 2, 0, degrees / (degrees + t^2), regularized=True) / 2, lower = 1 - upper
const STUDENT = [
  [2, 1, 0.8524163823495667, 0.14758361765043326],
  [2.228138851964939, 10, 0.9749999999990957, 0.025000000000904316],
  [0.001, 3, 0.5003675525152695, 0.49963244748473046],
  [12, 5, 0.9999645525374142, 0.00003544746258580761],
  [50, 30, 1.0, 9.357708829611357e-31],
  [1.5, 2.5, 0.8760817734568519, 0.12391822654314813],
  [3, 300, 0.998536890067967, 0.001463109932033053],
  [40, 1000, 1.0, 5.2394260775866807e-210],
] as const;
// p, degrees: the root t of log(upper(t) / p)
const STUDENT_QUANTILE = [
  [0.025, 1, 12.706204736174705],
  [0.025, 2, 4.302652729749464],
  [0.025, 9, 2.2621571627982053],
  [0.005, 30, 2.7499956535672254],
  [0.45, 4, 0.13383036711194332],
  [1e-10, 5, 156.8255927088943],
  [0.25, 1.5, 0.8725946625415706],
  [0.025, 200, 1.9718962236339093],
  [0.4999, 3, 0.00027206990911047337],
] as const;
// f, d1, d2: upper = betainc(d1 / 2, d2 / 2, d1 f / (d1 f + d2), 1, regularized=True), lower = 1 - upper
const F = [
  [4, 2, 10, 0.9470778505986553, 0.05292214940134465],
  [0.3, 5, 7, 0.10184423567211533, 0.8981557643278847],
  [50, 3, 200, 1.0, 3.7078652387597534e-24],
  [1, 10, 10, 0.5, 0.5],
  [2.5, 1, 1, 0.6409829640286239, 0.3590170359713761],
  [400, 4, 60, 1.0, 1.6488968847065833e-42],
] as const;

it('both tails of the normal distribution keep their digits down to 1e-300', () => {
  for (const [z, lower, upper] of NORMAL) {
    expectNear(normalTails(z).lower, lower, 1e-13);
    expectNear(normalTails(z).upper, upper, 1e-13);
  }
});

it('the normal quantile has fifteen digits from 1e-300 to 1 - 1e-6', () => {
  for (const [p, wanted] of NORMAL_QUANTILE) expectNear(normalQuantile(p), wanted, 1e-15);
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(() => normalQuantile(1.1)).toThrow('needs a probability');
});

it('the chi-squared tails agree, and its points of 5 % are those of Abramowitz & Stegun, table 26.8', () => {
  for (const [x, degrees, lower, upper] of CHI_SQUARED) {
    expectNear(chiSquaredTails(x, degrees).lower, lower, 1e-13);
    expectNear(chiSquaredTails(x, degrees).upper, upper, 1e-13);
  }
  for (const [degrees, x] of [
    [1, 3.84146],
    [2, 5.99147],
    [5, 11.0705],
    [10, 18.307],
    [30, 43.7729],
  ] as const)
    expectNear(chiSquaredTails(x, degrees).upper, 0.05, 2e-5);
});

it('the tails of t agree, far out too', () => {
  for (const [t, degrees, lower, upper] of STUDENT) {
    expectNear(studentTails(t, degrees).lower, lower, 1e-13);
    expectNear(studentTails(t, degrees).upper, upper, 1e-13);
    expectNear(studentTails(-t, degrees).lower, upper, 1e-13);
  }
});

it('the quantile of t agrees, and undoes the tail', () => {
  for (const [p, degrees, wanted] of STUDENT_QUANTILE)
    expectNear(-studentQuantile(p, degrees), wanted, 1e-12);
  expect(studentQuantile(0.5, 3)).toBe(0);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 0.499, noNaN: true }),
      fc.double({ min: 0.5, max: 1e5, noNaN: true }),
      (p, degrees) => {
        expectNear(studentTails(studentQuantile(p, degrees), degrees).lower, p, 1e-11);
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});

it('the tails of F agree', () => {
  for (const [f, d1, d2, lower, upper] of F) {
    expectNear(fTails(f, d1, d2).lower, lower, 1e-13);
    expectNear(fTails(f, d1, d2).upper, upper, 1e-13);
  }
});

it('the logarithm of the upper tail is that of the upper tail', () => {
  const tails = [
    ...[-3, 0, 2, 20].map(normalTails),
    ...[-3, 0.5, 40].map((t) => studentTails(t, 7)),
    ...[0.2, 3, 400].map((f) => fTails(f, 3, 9)),
    ...[0.2, 3, 400].map((x) => chiSquaredTails(x, 3)),
  ];
  for (const { upper, lnUpper } of tails) expectNear(Math.exp(lnUpper), upper, 1e-12);
});
