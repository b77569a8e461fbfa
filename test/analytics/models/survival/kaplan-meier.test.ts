import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kaplanMeier, survivalAt } from '../../../../analytics/models/survival/kaplan-meier.ts';
import { pointAt } from '../../../../analytics/models/survival/point-at.ts';
import { expectNear } from '../near.ts';
import { CHANNING_MEN } from './published/channing.ts';
import { AML, LEUKEMIA } from './published/leukemia.ts';
import { someSpells } from './some-spells.ts';

it("the curve of Freireich's treated children is the published one, with R's errors and log-log intervals", () => {
  // R 4.2.2, survival 3.5-3: summary(survfit(Surv(t, s) ~ 1, conf.type = "log-log")); survival to four places also in Kalbfleisch &
  // Prentice, Collett, and Lawless: 0.8571 0.8067 0.7529 0.6902 0.6275 0.5378 0.4482
  const published = [
    [6, 21, 3, 0.857142857142857, 0.0763603548321213, 0.619717955265984, 0.951551747646997],
    [7, 17, 1, 0.80672268907563, 0.0869352851800572, 0.563146564622233, 0.92280901920288],
    [10, 15, 1, 0.752941176470588, 0.0963496529943205, 0.503199510799957, 0.889361835169265],
    [13, 12, 1, 0.690196078431372, 0.106814707775009, 0.431610222486184, 0.849065963349451],
    [16, 11, 1, 0.627450980392157, 0.114053865256752, 0.367510855987502, 0.804912189471841],
    [22, 7, 1, 0.53781512605042, 0.128233751693034, 0.267778936767135, 0.746790717635394],
    [23, 6, 1, 0.448179271708683, 0.13459145675576, 0.188052005959232, 0.680142628495241],
  ] as const;
  const { points, ...curve } = kaplanMeier(LEUKEMIA.treated);
  expect(points.map(({ time, atRisk, events }) => [time, atRisk, events])).toEqual(
    published.map((row) => row.slice(0, 3)),
  );
  for (const [k, [, , , survival, standardError, low, high]] of published.entries()) {
    const point = points[k];
    expectNear(point?.survival ?? NaN, survival, 1e-12);
    expectNear(point?.standardError ?? NaN, standardError, 1e-12);
    expectNear(point?.interval?.low ?? NaN, low, 1e-12);
    expectNear(point?.interval?.high ?? NaN, high, 1e-12);
  }
  expect(curve).toMatchObject({
    start: 0,
    last: 35,
    spells: 21,
    events: 9,
    leftOut: 0,
    beforeStart: 0,
    pinnedAt: null,
  });
});

it("with delayed entry the curve of Channing House's men from 68 and from 80 years is that of R", () => {
  // R 4.2.2, survival 3.5-3, KMsurv 0.1-5: summary(survfit(Surv(ageentry, age, death) ~ 1, start.time = 816, conf.type = "log-log"),
  // times = ...), and start.time = 960
  const published = [
    [816, 900, 0.804531129476584, 0.0721702157368156, 0.613781564078858, 0.907635819206863],
    [816, 960, 0.637761403332264, 0.0775979678613435, 0.465656168539597, 0.767436428582968],
    [816, 1020, 0.454373345839921, 0.0710664020535671, 0.312398344608864, 0.585768664720271],
    [816, 1080, 0.222707313489307, 0.0576043862533746, 0.121856862634212, 0.34244800769644],
    [960, 1020, 0.712450366964587, 0.0700177573476747, 0.549690762166508, 0.825225713290638],
    [960, 1080, 0.349201617290848, 0.079705446162385, 0.199962753066767, 0.502734730251795],
  ] as const;
  for (const [startAt, age, survival, standardError, low, high] of published) {
    const curve = kaplanMeier(CHANNING_MEN, { startAt });
    const point = pointAt(curve.points, age);
    expect(curve.start).toBe(startAt);
    expectNear(survivalAt(curve, age) ?? NaN, survival, 1e-12);
    expectNear(point?.standardError ?? NaN, standardError, 1e-12);
    expectNear(point?.interval?.low ?? NaN, low, 1e-12);
    expectNear(point?.interval?.high ?? NaN, high, 1e-12);
  }
  expect(kaplanMeier(CHANNING_MEN, { startAt: 960 })).toMatchObject({
    spells: 64,
    events: 30,
    leftOut: 1,
    beforeStart: 32,
  });
});

it('two early deaths among two men hold the curve of Channing House at 0 unless it starts where enough are at risk', () => {
  const naive = kaplanMeier(CHANNING_MEN);
  expect(naive.points.slice(0, 2).map(({ atRisk, survival }) => [atRisk, survival])).toEqual([
    [2, 0.5],
    [1, 0],
  ]);
  expect(naive.pinnedAt).toBe(781);
  expect(survivalAt(naive, 1000)).toBe(0);
  const honest = kaplanMeier(CHANNING_MEN, { minimumAtRisk: 20 });
  expect(honest.pinnedAt).toBeNull();
  expect(honest.start).toBeGreaterThan(781);
  expect(honest.points[0]?.atRisk).toBeGreaterThanOrEqual(20);
  const few = honest.points.find(({ atRisk }) => atRisk < 20);
  expect(honest.thinFrom).toBe(few?.time);
  expect(honest.spells + honest.beforeStart + honest.leftOut).toBe(97);
});

it('with delayed entry a small book is computed as by hand', () => {
  // At risk are those with entry < t <= exit. Day 3: a, b (1 of 2 leaves); day 5: b, c, d and e, censored that day (1 of 4 leaves, b);
  // day 8: c, d, f (2 of 3 leave). S = 1/2, 1/2 x 3/4 = 3/8, 3/8 x 1/3 = 1/8; at risk 2, 4, 3: it rises.
  // Greenwood at day 8: 1/(2 x 1) + 1/(4 x 3) + 2/(3 x 1) = 5/4.
  const spells = [
    { entry: 0, exit: 3, event: true }, // a
    { entry: 0, exit: 5, event: true }, // b
    { entry: 3, exit: 8, event: true }, // c enters on the day a leaves: not at risk for it
    { entry: 4, exit: 8, event: true }, // d
    { entry: 2.5, exit: 5, event: false }, // e is at risk on day 3 too
    { entry: 6, exit: 9, event: false }, // f
    { entry: 7, exit: 7, event: true }, // never at risk
    { entry: 9, exit: 4, event: false }, // nor this one
  ];
  const curve = kaplanMeier(spells.filter((_, k) => k !== 4));
  expect(curve.points.map(({ time, atRisk, survival }) => [time, atRisk, survival])).toEqual([
    [3, 2, 1 / 2],
    [5, 3, 1 / 3],
    [8, 3, 1 / 9],
  ]);
  const whole = kaplanMeier(spells);
  expect(whole.points.map(({ time, atRisk, events }) => [time, atRisk, events])).toEqual([
    [3, 3, 1],
    [5, 4, 1],
    [8, 3, 2],
  ]);
  // 2/3, 2/3 x 3/4 = 1/2, 1/2 x 1/3 = 1/6; Greenwood 1/(3 x 2) + 1/(4 x 3) + 2/(3 x 1) = 11/12
  expectNear(whole.points[2]?.survival ?? NaN, 1 / 6, 1e-15);
  expectNear(whole.points[2]?.standardError ?? NaN, Math.sqrt(11 / 12) / 6, 1e-15);
  expect(whole.leftOut).toBe(2);
});

it('weights give the weighted curve of R, without an error that takes money for accounts', () => {
  // R 4.2.2: survfit(Surv(time, status) ~ 1, aml, weights = rep(1:6, length.out = 23))
  const spells = [...AML.maintained, ...AML.notMaintained].map((spell, k) => ({
    ...spell,
    weight: (k % 6) + 1,
  }));
  const { points } = kaplanMeier(spells);
  const at = (time: number) => points.find((point) => point.time === time);
  expect(at(23)).toMatchObject({
    weightAtRisk: 47,
    weightEvents: 11,
    events: 2,
    standardError: null,
    interval: null,
  });
  expectNear(at(5)?.survival ?? NaN, 0.91025641025641, 1e-12);
  expectNear(at(23)?.survival ?? NaN, 0.53393665158371, 1e-12);
  expectNear(at(48)?.survival ?? NaN, 0.119334500673243, 1e-12);
});

it('nothing is said before the start and after the last age that was seen', () => {
  const curve = kaplanMeier(LEUKEMIA.treated, { startAt: 5 });
  expect(survivalAt(curve, 4.9)).toBeNull();
  expect(survivalAt(curve, 5)).toBe(1);
  expect(survivalAt(curve, 35)).toBeCloseTo(0.4482, 4);
  expect(survivalAt(curve, 35.1)).toBeNull();
  expect(survivalAt(kaplanMeier(LEUKEMIA.placebo), 99)).toBe(0);
});

it('it starts at the first age, from the one asked for on, at which enough are at risk', () => {
  fc.assert(
    fc.property(
      someSpells,
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined }),
      (spells, minimumAtRisk, startAt) => {
        const present = (age: number): number =>
          spells.filter(({ entry, exit }) => entry <= age && age < exit).length;
        const ages = [startAt ?? [], spells.map(({ entry }) => entry)].flat().toSorted((a, b) => a - b);
        const wanted = ages.find((age) => age >= (startAt ?? 0) && present(age) >= minimumAtRisk);
        const options = startAt === undefined ? { minimumAtRisk } : { minimumAtRisk, startAt };
        expect(kaplanMeier(spells, options).start).toBe(wanted ?? null);
      },
    ),
    { seed: 8, numRuns: 400 },
  );
});

it('survival is exactly 0 when all the money has left, whatever its sums were rounded to', () => {
  const money = [0.1, 0.2, 0.3].map((weight, k) => ({ entry: 0, exit: k + 1, event: true, weight }));
  expect(kaplanMeier(money).points.at(-1)?.survival).toBe(0);
});

it('the point of an age is the last one up to it', () => {
  const { points } = kaplanMeier(LEUKEMIA.treated);
  expect(pointAt(points, 5.9)).toBeNull();
  expect([6, 6.5, 22.9, 99].map((age) => pointAt(points, age)?.time)).toEqual([6, 6, 22, 23]);
});

it('no spells, and too few for the minimum, make an empty curve', () => {
  expect(kaplanMeier([])).toMatchObject({ start: null, last: null, spells: 0, points: [] });
  expect(kaplanMeier(LEUKEMIA.treated, { minimumAtRisk: 22 })).toMatchObject({
    start: null,
    beforeStart: 21,
    points: [],
  });
});

it('survival falls, stays within 0 and 1, and does not depend on the order of the rows or the unit of time and money', () => {
  fc.assert(
    fc.property(someSpells, fc.integer({ min: 1, max: 5 }), (spells, minimumAtRisk) => {
      const curve = kaplanMeier(spells, { minimumAtRisk });
      let before = 1;
      for (const { survival, interval } of curve.points) {
        expect(survival).toBeLessThanOrEqual(before);
        expect(survival).toBeGreaterThanOrEqual(0);
        if (interval) expect(interval.low <= survival && survival <= interval.high).toBe(true);
        before = survival;
      }
      expect(kaplanMeier(spells.toReversed(), { minimumAtRisk })).toEqual(curve);
      const scaled = spells.map(({ entry, exit, event }) => ({
        entry: entry * 8,
        exit: exit * 8,
        event,
        weight: 1,
      }));
      expect(kaplanMeier(scaled, { minimumAtRisk }).points).toEqual(
        curve.points.map((point) => ({ ...point, time: point.time * 8 })),
      );
      const money = spells.map((spell) => ({ ...spell, weight: 32 }));
      expect(kaplanMeier(money, { minimumAtRisk }).points.map(({ survival }) => survival)).toEqual(
        curve.points.map(({ survival }) => survival),
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('without delayed entry and censoring survival is the share that is left', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }), (exits) => {
      const curve = kaplanMeier(exits.map((exit) => ({ entry: 0, exit, event: true })));
      for (const { time, survival, standardError } of curve.points) {
        const share = exits.filter((exit) => exit > time).length / exits.length;
        expect(survival).toBeCloseTo(share, 12);
        if (share > 0) expect(standardError).toBeCloseTo(Math.sqrt((share * (1 - share)) / exits.length), 12);
      }
    }),
    { seed: 2, numRuns: 200 },
  );
});

it('bad rows and options are refused with a sentence', () => {
  expect(() => kaplanMeier([{ entry: 0, exit: NaN, event: true }])).toThrow(
    'Spell 1 needs a finite entry and exit',
  );
  expect(() => kaplanMeier([{ entry: 0, exit: 1, event: true, weight: -1 }])).toThrow('weight of 0 or more');
  expect(() => kaplanMeier([], { minimumAtRisk: 0 })).toThrow('minimumAtRisk is 1 or more');
});
