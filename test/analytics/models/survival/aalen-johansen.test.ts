import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cumulativeIncidence } from '../../../../analytics/models/survival/aalen-johansen.ts';
import { kaplanMeier } from '../../../../analytics/models/survival/kaplan-meier.ts';
import { pointAt } from '../../../../analytics/models/survival/point-at.ts';
import { expectNear } from '../near.ts';
import { PREGNANCIES } from './published/abortion.ts';
import { BMT } from './published/bmt.ts';
import { someSpells } from './some-spells.ts';

type Curves = ReturnType<typeof cumulativeIncidence>;

function at(curves: Curves, time: number) {
  const point = pointAt(curves.points, time);
  if (!point) throw new Error(`nothing at ${time}`);
  return point;
}

it('relapse and death after bone marrow transplants are those of R, with errors and intervals', () => {
  // R 4.2.2, survival 3.5-3: summary(survfit(Surv(t2, cause) ~ 1, conf.type = "log-log"), times = ...); cmprsk::cuminc gives the same incidences
  const published = [
    [100, 'relapse', 0.0802919708029197, 0.0232167146917186, 0.0425302216704147, 0.133384926199938],
    [100, 'death', 0.0948905109489051, 0.025038117201544, 0.0532172150143767, 0.150963794817959],
    [365, 'relapse', 0.212165450121654, 0.0349776252892408, 0.148132790659442, 0.284017951994319],
    [365, 'death', 0.204785077047851, 0.034518099670211, 0.141834652242664, 0.27594063861715],
    [1000, 'relapse', 0.308696043975849, 0.0396323988946943, 0.233168064774908, 0.387175594722263],
    [2000, 'death', 0.296487645693009, 0.0394543536060267, 0.221649803801698, 0.374931676442963],
  ] as const;
  const curves = cumulativeIncidence(BMT);
  expect(curves.causes).toEqual(['death', 'relapse']);
  for (const [time, cause, incidence, standardError, low, high] of published) {
    const found = at(curves, time).byCause[curves.causes.indexOf(cause)];
    expectNear(found?.incidence ?? NaN, incidence, 1e-12);
    expectNear(found?.standardError ?? NaN, standardError, 1e-12);
    expectNear(found?.interval?.low ?? NaN, low, 1e-12);
    expectNear(found?.interval?.high ?? NaN, high, 1e-12);
  }
  expectNear(at(curves, 1000).survival, 0.412363701901415, 1e-12);
});

it('with delayed entry incidences and Greenwood variances are those of the R package etm', () => {
  // R 4.2.2, etm 1.1.1: summary(etmCIF(Surv(entry, exit, cause != 0) ~ 1, etype = cause)), probabilities and variances at the weeks named
  const published = [
    [8, 'elective', 0.158370535714286, 0.00148940629097185],
    [10, 'elective', 0.225879408936182, 0.00173087546175763],
    [20, 'elective', 0.277151683658728, 0.00179976905702871],
    [40, 'elective', 0.285111803927165, 0.0018056621482862],
    [40, 'birth', 0.283601629622276, 0.0013615163363262],
    [8, 'spontaneous', 0.217857142857143, 0.00264916118639014],
    [14, 'spontaneous', 0.342479420977649, 0.00250612545225715],
    [40, 'spontaneous', 0.362323096023048, 0.00244761712521062],
  ] as const;
  const curves = cumulativeIncidence(PREGNANCIES);
  for (const [week, cause, incidence, variance] of published) {
    const found = at(curves, week).byCause[curves.causes.indexOf(cause)];
    expectNear(found?.incidence ?? NaN, incidence, 1e-12);
    expectNear((found?.standardError ?? NaN) ** 2, variance, 1e-9);
  }
  expectNear(at(curves, 20).survival, 0.372146379468701, 1e-12);
});

it('incidences and survival add up to 1, and survival is that of Kaplan and Meier', () => {
  const caused = someSpells.map((spells) =>
    spells.map(({ entry, exit, event }, k) => ({
      entry,
      exit,
      event,
      cause: event ? `cause ${k % 3}` : null,
    })),
  );
  fc.assert(
    fc.property(caused, fc.integer({ min: 1, max: 4 }), (spells, minimumAtRisk) => {
      const curves = cumulativeIncidence(spells, { minimumAtRisk });
      const all = kaplanMeier(spells, { minimumAtRisk });
      expect(curves).toMatchObject({
        start: all.start,
        last: all.last,
        leftOut: all.leftOut,
        beforeStart: all.beforeStart,
      });
      expect(curves.points.map(({ time, atRisk }) => [time, atRisk])).toEqual(
        all.points.map(({ time, atRisk }) => [time, atRisk]),
      );
      for (const [k, point] of curves.points.entries()) {
        const sum = point.byCause.reduce((total, { incidence }) => total + incidence, point.survival);
        expect(sum).toBeCloseTo(1, 12);
        expect(point.survival).toBeCloseTo(all.points[k]?.survival ?? NaN, 12);
      }
      expect(cumulativeIncidence(spells.toReversed(), { minimumAtRisk })).toEqual(curves);
    }),
    { seed: 3, numRuns: 200 },
  );
});

it('of a single cause the incidence is what survival lacks, with its standard error', () => {
  const curves = cumulativeIncidence(BMT.map((spell) => ({ ...spell, cause: spell.event ? 'any' : null })));
  const all = kaplanMeier(BMT);
  for (const [k, point] of all.points.entries()) {
    const found = curves.points[k]?.byCause[0];
    expectNear(found?.incidence ?? NaN, 1 - point.survival, 1e-12);
    expectNear(found?.standardError ?? NaN, point.standardError ?? NaN, 1e-12);
  }
});

it('1 minus Kaplan-Meier of one cause, the others censored, overstates its incidence', () => {
  const relapseOnly = kaplanMeier(BMT.map((spell) => ({ ...spell, event: spell.cause === 'relapse' })));
  const curves = cumulativeIncidence(BMT);
  const incidence = at(curves, 2000).byCause[1]?.incidence ?? NaN;
  expect(1 - (relapseOnly.points.at(-1)?.survival ?? NaN)).toBeGreaterThan(incidence + 0.05);
});

it('nothing in, nothing out', () => {
  expect(cumulativeIncidence([])).toMatchObject({ causes: [], start: null, points: [] });
  expect(cumulativeIncidence([{ entry: 0, exit: 3, cause: null }])).toMatchObject({
    causes: [],
    start: 0,
    last: 3,
    points: [],
  });
});
