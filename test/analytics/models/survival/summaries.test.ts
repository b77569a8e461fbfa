import { expect, it } from 'vitest';
import { numbersAtRisk } from '../../../../analytics/models/survival/at-risk.ts';
import { kaplanMeier } from '../../../../analytics/models/survival/kaplan-meier.ts';
import { medianSurvival } from '../../../../analytics/models/survival/median.ts';
import { restrictedMean } from '../../../../analytics/models/survival/restricted-mean.ts';
import { expectNear } from '../near.ts';
import { CHANNING_MEN } from './published/channing.ts';
import { LEUKEMIA } from './published/leukemia.ts';

it('the medians are the published ones: 23 weeks (from 13, open) treated, 8 (4 to 11) untreated', () => {
  // R 4.2.2: quantile(survfit(Surv(t, s) ~ g, conf.type = "log-log"), 0.5)
  expect(medianSurvival(kaplanMeier(LEUKEMIA.treated))).toEqual({
    median: 23,
    low: 13,
    high: null,
    method: 'log-log',
    level: 0.95,
  });
  expect(medianSurvival(kaplanMeier(LEUKEMIA.placebo))).toMatchObject({ median: 8, low: 4, high: 11 });
});

it('the median with delayed entry is the age reached by half of those who came to its start', () => {
  // R 4.2.2: quantile(survfit(Surv(ageentry, age, death) ~ 1, start.time = 816 or 960, conf.type = "log-log"), 0.5)
  expect(medianSurvival(kaplanMeier(CHANNING_MEN, { startAt: 816 }))).toMatchObject({
    median: 1009,
    low: 945,
    high: 1033,
  });
  expect(medianSurvival(kaplanMeier(CHANNING_MEN, { startAt: 960 }))).toMatchObject({
    median: 1044,
    low: 1025,
    high: 1085,
  });
});

it('a half that rounding leaves above one half is a half', () => {
  // 24 accounts leave one by one; after the twelfth the product of the shares is 0.5000000000000001.
  const curve = kaplanMeier(Array.from({ length: 24 }, (_, k) => ({ entry: 0, exit: k + 1, event: true })));
  expect(curve.points[11]?.survival).toBeGreaterThan(0.5);
  expect(medianSurvival(curve).median).toBe(12);
});

it('a median that was not reached is null', () => {
  const half = LEUKEMIA.treated.map((spell) => ({ ...spell, event: spell.event && spell.exit < 20 }));
  expect(medianSurvival(kaplanMeier(half))).toMatchObject({ median: null, high: null });
  expect(medianSurvival(kaplanMeier([]))).toEqual({
    median: null,
    low: null,
    high: null,
    method: 'log-log',
    level: null,
  });
});

it('the restricted mean is that of R, with its error and its horizon', () => {
  // R 4.2.2: summary(survfit(...), rmean = 30)$table, rmean = 20 for the untreated
  const treated = restrictedMean(kaplanMeier(LEUKEMIA.treated), 30);
  expectNear(treated?.mean ?? NaN, 21.0464985994398, 1e-12);
  expectNear(treated?.standardError ?? NaN, 2.24380195155946, 1e-12);
  expect(treated).toMatchObject({ from: 0, horizon: 30 });
  expectNear(treated?.interval?.high ?? NaN, 21.0464985994398 + 1.95996398454005 * 2.24380195155946, 1e-12);
  const placebo = restrictedMean(kaplanMeier(LEUKEMIA.placebo), 20);
  expectNear(placebo?.mean ?? NaN, 8.42857142857143, 1e-12);
  expectNear(placebo?.standardError ?? NaN, 1.26808268250392, 1e-12);
});

it('the restricted mean with delayed entry counts from the start of the curve', () => {
  // R counts the 816 and 960 months before the start too: 991.092414972659 and 1041.27663098424 to 1080 months
  const from68 = restrictedMean(kaplanMeier(CHANNING_MEN, { startAt: 816 }), 1080);
  expectNear(from68?.mean ?? NaN, 991.092414972659 - 816, 1e-11);
  expectNear(from68?.standardError ?? NaN, 12.4059532838775, 1e-12);
  const from80 = restrictedMean(kaplanMeier(CHANNING_MEN, { startAt: 960 }), 1080);
  expectNear(from80?.mean ?? NaN, 1041.27663098424 - 960, 1e-11);
  expectNear(from80?.standardError ?? NaN, 6.04844435139339, 1e-12);
});

it('a horizon beyond the data is drawn back to the last age seen, unless nobody was left by then', () => {
  expect(restrictedMean(kaplanMeier(LEUKEMIA.treated), 100)?.horizon).toBe(35);
  const all = restrictedMean(kaplanMeier(LEUKEMIA.placebo), 100);
  expect(all?.horizon).toBe(100);
  const weeks = LEUKEMIA.placebo.map(({ exit }) => exit);
  expectNear(all?.mean ?? NaN, weeks.reduce((sum, week) => sum + week, 0) / weeks.length, 1e-12);
});

it('there is no restricted mean without a curve or a horizon after its start, and no error on a weighted one', () => {
  expect(restrictedMean(kaplanMeier([]), 10)).toBeNull();
  expect(restrictedMean(kaplanMeier(LEUKEMIA.treated, { startAt: 10 }), 10)).toBeNull();
  const weighted = LEUKEMIA.treated.map((spell, k) => ({ ...spell, weight: k + 1 }));
  expect(restrictedMean(kaplanMeier(weighted), 30)).toMatchObject({ standardError: null, interval: null });
});

it('the numbers at risk are those of the published table, and may rise with delayed entry', () => {
  expect(numbersAtRisk(LEUKEMIA.treated, [0, 6, 10, 20, 35, 36])).toEqual([21, 21, 15, 8, 1, 0]);
  const ages = [777, 840, 900, 960, 1020, 1080];
  const counted = ages.map(
    (age) => CHANNING_MEN.filter(({ entry, exit }) => entry < age && age <= exit).length,
  );
  expect(counted).toEqual([2, 12, 32, 34, 26, 11]);
  expect(numbersAtRisk(CHANNING_MEN, ages)).toEqual(counted);
  expect(numbersAtRisk([], [0, 5])).toEqual([0, 0]);
});
