import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holm } from '../../../../analytics/models/survival/holm.ts';
import { logRank, pairwiseLogRank } from '../../../../analytics/models/survival/log-rank.ts';
import { expectNear } from '../near.ts';
import { BMT } from './published/bmt.ts';
import { CHANNING_MEN, CHANNING_WOMEN } from './published/channing.ts';
import { AML, LEUKEMIA, spellsOf } from './published/leukemia.ts';
import { someSpells } from './some-spells.ts';
import type { Spell } from '../../../../analytics/models/survival/spell.ts';

function grouped(groups: Record<string, readonly Spell[]>) {
  return Object.entries(groups).flatMap(([group, spells]) => spells.map((spell) => ({ ...spell, group })));
}

it("Freireich's log-rank test is the published one: chi-squared 16.79 with 9 and 21 relapses against 19.25 and 10.75", () => {
  // R 4.2.2, survival 3.5-3: survdiff(Surv(t, s) ~ g); 16.79 also in Kalbfleisch & Prentice and in Collett
  const { groups, test } = logRank(grouped(LEUKEMIA));
  expect(groups.map(({ group, observed }) => [group, observed])).toEqual([
    ['placebo', 21],
    ['treated', 9],
  ]);
  expectNear(groups[1]?.expected ?? NaN, 19.2505009480311, 1e-12);
  expectNear(groups[0]?.expected ?? NaN, 10.7494990519689, 1e-12);
  expectNear(test?.chiSquared ?? NaN, 16.7929409892165, 1e-12);
  expect(test?.degrees).toBe(1);
  expectNear(test?.p ?? NaN, 4.16880910933453e-5, 1e-11);
  expectNear(test?.log10P ?? NaN, Math.log10(4.16880910933453e-5), 1e-12);
});

it('three disease groups are compared with two degrees of freedom, and in pairs with the correction of Holm', () => {
  // R 4.2.2: survdiff(Surv(t2, d3) ~ group, bmt), and for each pair; data of Klein & Moeschberger 2003, section 1.3
  const { groups, test } = logRank(BMT);
  expect(groups.map(({ observed }) => observed)).toEqual([24, 25, 34]);
  const expected = [21.8517149087691, 39.9661155063993, 21.1821695848316];
  for (const [k, group] of groups.entries()) expectNear(group.expected, expected[k] ?? NaN, 1e-12);
  expectNear(test?.chiSquared ?? NaN, 13.8037218872223, 1e-12);
  expectNear(test?.p ?? NaN, 0.0010059117411474, 1e-12);
  const pairs = pairwiseLogRank(BMT);
  expect(pairs.map((pair) => pair.groups)).toEqual([
    ['1', '2'],
    ['1', '3'],
    ['2', '3'],
  ]);
  const chiSquared = [4.7298164932778, 2.27214203265635, 13.4455627463297];
  for (const [k, pair] of pairs.entries())
    expectNear(pair.test?.chiSquared ?? NaN, chiSquared[k] ?? NaN, 1e-12);
  expectNear(pairs[2]?.adjustedP ?? NaN, 3 * 2.45586345489598e-4, 1e-10);
  expectNear(pairs[0]?.adjustedP ?? NaN, 2 * 0.0296440479088862, 1e-12);
  expectNear(pairs[1]?.adjustedP ?? NaN, 0.131717737669956, 1e-12);
});

it('with delayed entry the men and women of Channing House differ as in R', () => {
  // R 4.2.2: coxph(Surv(ageentry, age, death) ~ gender, ties = "exact")$score, which is the log-rank statistic at coefficient 0
  const { test, leftOut } = logRank(grouped({ men: CHANNING_MEN, women: CHANNING_WOMEN }));
  expectNear(test?.chiSquared ?? NaN, 3.37646071064618, 1e-11);
  expect(leftOut).toBe(4);
  // The same, by age at entry: up to 70 years, up to 76, above; coxph(... ~ factor(g), ties = "exact")$score
  const byAge = [...CHANNING_MEN, ...CHANNING_WOMEN].map((spell) => ({
    ...spell,
    group: spell.entry <= 840 ? 'early' : spell.entry <= 912 ? 'middle' : 'late',
  }));
  const three = logRank(byAge);
  expect(three.test?.degrees).toBe(2);
  expectNear(three.test?.chiSquared ?? NaN, 0.53893709185663, 1e-10);
});

it('a group that is never at risk when somebody leaves adds no degree of freedom', () => {
  // R's own test of survdiff: aml with a third group that is censored before the first event; chi-squared 3.3963886989776 on 1
  const { groups, test } = logRank(grouped({ ...AML, dummy: spellsOf('1+ 2+ 2+ 3+ 3+ 3+ 4+') }));
  expect(groups[0]).toEqual({ group: 'dummy', spells: 7, observed: 0, expected: 0 });
  expect(test?.degrees).toBe(1);
  expectNear(test?.chiSquared ?? NaN, 3.3963886989776, 1e-12);
});

it('one group, groups without events and groups that never meet cannot be tested', () => {
  expect(logRank([]).test).toBeNull();
  expect(logRank(grouped({ only: LEUKEMIA.placebo })).test).toBeNull();
  expect(logRank(grouped({ a: spellsOf('3+ 4+'), b: spellsOf('5+') })).test).toBeNull();
  const apart = grouped({
    young: [{ entry: 0, exit: 3, event: true }],
    old: [{ entry: 5, exit: 9, event: true }],
  });
  expect(logRank(apart).test).toBeNull();
  expect(pairwiseLogRank(apart)).toEqual([{ groups: ['old', 'young'], test: null, adjustedP: null }]);
});

it('a p-value below the smallest double keeps its logarithm', () => {
  const many = (exit: number) =>
    Array.from({ length: 4000 }, (_, k) => ({ entry: 0, exit: exit + k / 4000, event: true }));
  const { test } = logRank(grouped({ early: many(1), late: many(10) }));
  expect(test?.p).toBe(0);
  expect(test?.log10P).toBeLessThan(-400);
});

it('events add up to the expected ones, and neither order nor names nor the unit of time change the test', () => {
  fc.assert(
    fc.property(someSpells, fc.integer({ min: 2, max: 4 }), (spells, count) => {
      const rows = spells.map((spell, k) => ({ ...spell, group: `g${k % count}` }));
      const result = logRank(rows);
      const sum = (pick: 'observed' | 'expected') =>
        result.groups.reduce((total, group) => total + group[pick], 0);
      expect(sum('observed')).toBeCloseTo(sum('expected'), 10);
      expect(logRank(rows.toReversed())).toEqual(result);
      const scaled = rows.map((row) => ({ ...row, entry: row.entry / 4, exit: row.exit / 4 }));
      expect(logRank(scaled).test).toEqual(result.test);
      const renamed = rows.map((row) => ({ ...row, group: `z${9 - Number(row.group.slice(1))}` }));
      expect(logRank(renamed).test?.chiSquared ?? 0).toBeCloseTo(result.test?.chiSquared ?? 0, 8);
    }),
    { seed: 4, numRuns: 200 },
  );
});

it("Holm's correction is that of R", () => {
  // R 4.2.2: p.adjust(c(0.01, 0.04, 0.03, 0.5, 0.005), "holm")
  const adjusted = holm([0.01, 0.04, 0.03, 0.5, 0.005]);
  for (const [k, wanted] of [0.04, 0.09, 0.09, 0.5, 0.025].entries())
    expectNear(adjusted[k] ?? NaN, wanted, 1e-12);
  expect(holm([])).toEqual([]);
});
