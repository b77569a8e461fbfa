import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kaplanMeier, survivalAt } from '../../../../analytics/models/survival/kaplan-meier.ts';
import { type AccountSpell, weightedSurvival } from '../../../../analytics/models/survival/weighted.ts';
import { LEUKEMIA } from './published/leukemia.ts';
import { someSpells } from './some-spells.ts';

const TIMES = [0, 5, 10, 15, 20, 25, 30];

function accountsOf(weight: (k: number) => number): AccountSpell[] {
  return LEUKEMIA.treated.map(({ entry, exit, event }, k) => ({
    entry,
    exit,
    event,
    account: `a${k}`,
    weight: weight(k),
  }));
}

it('its survival is that of the weighted curve, and with equal weights that of the accounts', () => {
  fc.assert(
    fc.property(someSpells, fc.integer({ min: 1, max: 3 }), (spells, minimumAtRisk) => {
      const rows = spells.map((spell, k) => ({ ...spell, account: `a${k % 7}`, weight: 1 + (k % 5) }));
      const { points, ...weighted } = weightedSurvival(rows, {
        seed: 1,
        resamples: 5,
        times: TIMES,
        minimumAtRisk,
      });
      const curve = kaplanMeier(rows, { minimumAtRisk });
      expect(weighted).toMatchObject({
        start: curve.start,
        spells: curve.spells,
        beforeStart: curve.beforeStart,
        leftOut: curve.leftOut,
      });
      for (const { time, survival } of points) {
        const wanted = survivalAt(curve, time);
        expect(survival === null).toBe(wanted === null);
        expect(survival ?? 0).toBeCloseTo(wanted ?? 0, 12);
      }
    }),
    { seed: 7, numRuns: 100 },
  );
  const equal = weightedSurvival(
    accountsOf(() => 900),
    { seed: 1, resamples: 10, times: [23] },
  );
  expect(equal.points[0]?.survival).toBeCloseTo(0.4482, 4);
});

it('with one spell an account and equal money the interval is close to that of the log-log formula', () => {
  const { points } = weightedSurvival(
    accountsOf(() => 1),
    { seed: 3, resamples: 4000, times: [10] },
  );
  const formula = kaplanMeier(LEUKEMIA.treated).points.find(({ time }) => time === 10)?.interval;
  expect(points[0]?.interval).toMatchObject({ method: 'bootstrap-percentile', level: 0.95 });
  expect(Math.abs((points[0]?.interval?.low ?? 0) - (formula?.low ?? 1))).toBeLessThan(0.08);
  expect(Math.abs((points[0]?.interval?.high ?? 0) - (formula?.high ?? 0))).toBeLessThan(0.08);
});

it('spells of one account are drawn together, which makes the interval wider', () => {
  const copies = (name: (k: number, copy: number) => string): AccountSpell[] =>
    accountsOf(() => 1).flatMap((row, k) => [0, 1, 2, 3].map((copy) => ({ ...row, account: name(k, copy) })));
  const width = (rows: AccountSpell[]): number => {
    const interval = weightedSurvival(rows, { seed: 5, resamples: 1000, times: [15] }).points[0]?.interval;
    return (interval?.high ?? NaN) - (interval?.low ?? NaN);
  };
  const apart = width(copies((k, copy) => `a${k}-${copy}`));
  expect(width(copies((k) => `a${k}`))).toBeGreaterThan(1.5 * apart);
});

it('the share of the largest account is beside the curve', () => {
  const rows = accountsOf((k) => (k === 0 ? 80 : 1));
  expect(weightedSurvival(rows, { seed: 1, resamples: 10, times: [10] })).toMatchObject({
    accounts: 21,
    topAccountShare: 0.8,
  });
});

it('the same seed gives the same intervals; a span without a loss has none', () => {
  const options = { resamples: 200, times: [3, 10, 40] };
  const first = weightedSurvival(
    accountsOf((k) => k + 1),
    { ...options, seed: 2 },
  );
  expect(
    weightedSurvival(
      accountsOf((k) => k + 1),
      { ...options, seed: 2 },
    ),
  ).toEqual(first);
  expect(
    weightedSurvival(
      accountsOf((k) => k + 1),
      { ...options, seed: 3 },
    ),
  ).not.toEqual(first);
  expect(first.points[0]).toEqual({ time: 3, survival: 1, interval: null });
  expect(first.points[2]).toEqual({ time: 40, survival: null, interval: null });
});

it('no spells, no curve', () => {
  expect(weightedSurvival([], { seed: 1, times: [1] })).toEqual({
    start: null,
    spells: 0,
    accounts: 0,
    leftOut: 0,
    beforeStart: 0,
    topAccountShare: null,
    points: [{ time: 1, survival: null, interval: null }],
  });
});
