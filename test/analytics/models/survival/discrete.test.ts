import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hazardByInterval } from '../../../../analytics/models/survival/hazard.ts';
import { kaplanMeier } from '../../../../analytics/models/survival/kaplan-meier.ts';
import { type DueRenewal, renewalLifeTable } from '../../../../analytics/models/survival/life-table.ts';
import { expectNear } from '../near.ts';
import { someSpells } from './some-spells.ts';

/** Fader & Hardie 2007 (How to project customer retention), table 1: per cent of two segments that survived each year. */
const REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3];
const HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4];

function renewalsOf(percent: readonly number[]): DueRenewal[] {
  const left = percent.map((value) => Math.round(value * 10));
  return left
    .slice(1)
    .flatMap((after, k) =>
      Array.from({ length: left[k] ?? 0 }, (_, account) => ({ number: k + 1, renewed: account < after })),
    );
}

it('the life tables of Fader and Hardie survive as printed, and their hazard falls', () => {
  for (const percent of [REGULAR, HIGH_END]) {
    const { start, rows } = renewalLifeTable(renewalsOf(percent));
    expect(start).toBe(1);
    for (const [k, row] of rows.entries()) {
      const survival = (percent[k + 1] ?? NaN) / 100;
      expectNear(row.survival ?? NaN, survival, 1e-12);
      // All are seen from the first renewal on, so Greenwood's error is that of a proportion of 1,000.
      expectNear(row.standardError ?? NaN, Math.sqrt((survival * (1 - survival)) / 1000), 1e-12);
      expectNear(row.hazard ?? NaN, 1 - survival / ((percent[k] ?? NaN) / 100), 1e-12);
    }
  }
  const [first, second] = renewalLifeTable(renewalsOf(REGULAR)).rows;
  expect([first?.due, first?.notRenewed, second?.due, second?.notRenewed]).toEqual([1000, 369, 631, 163]);
});

it('a table that few began starts where enough are due, and an empty number ends what can be said', () => {
  const due = (number: number, count: number, lost: number): DueRenewal[] =>
    Array.from({ length: count }, (_, k) => ({ number, renewed: k >= lost }));
  const renewals = [...due(1, 2, 2), ...due(2, 30, 3), ...due(3, 20, 5), ...due(5, 10, 1)];
  expect(renewalLifeTable(renewals).rows.map(({ survival }) => survival)).toEqual([0, 0, 0, null, null]);
  const table = renewalLifeTable(renewals, { minimumAtRisk: 20 });
  expect(table.start).toBe(2);
  expect(table.rows.map(({ survival }) => survival)).toEqual([null, 0.9, 0.675, null, null]);
  expect(table.rows[3]).toMatchObject({ due: 0, hazard: null, interval: null });
  expect(table.rows[4]?.hazard).toBe(0.1);
  expect(table.rows[0]?.interval?.high).toBe(1);
});

it('the life table is Kaplan-Meier on the clock of renewals', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          entry: fc.integer({ min: 0, max: 3 }),
          seen: fc.integer({ min: 1, max: 6 }),
          event: fc.boolean(),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      (accounts) => {
        const spells = accounts.map(({ entry, seen, event }) => ({ entry, exit: entry + seen, event }));
        const renewals = spells.flatMap(({ entry, exit, event }) =>
          Array.from({ length: exit - entry }, (_, k) => ({
            number: entry + k + 1,
            renewed: !(event && entry + k + 1 === exit),
          })),
        );
        const start = Math.min(...spells.map(({ entry }) => entry));
        const { rows } = renewalLifeTable(renewals);
        // A gap in the numbers ends the table; Kaplan-Meier would carry on.
        const gap = rows.findIndex(({ due }, k) => k >= start && due === 0);
        for (const point of kaplanMeier(spells).points) {
          if (gap >= 0 && point.time > gap) break;
          const row = rows[point.time - 1];
          expect(row).toMatchObject({ due: point.atRisk, notRenewed: point.events });
          expect(row?.survival).toBeCloseTo(point.survival, 12);
          expect(row?.standardError === null).toBe(point.standardError === null);
          expect(row?.standardError ?? 0).toBeCloseTo(point.standardError ?? 0, 12);
        }
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

it('the number of a renewal is a whole number from 1', () => {
  expect(() => renewalLifeTable([{ number: 0, renewed: true }])).toThrow('whole number from 1; got 0');
  expect(renewalLifeTable([])).toEqual({ start: null, rows: [] });
});

it("the actuarial table of weaning is that of R's KMsurv, of the book of Klein and Moeschberger", () => {
  // R 4.2.2, KMsurv 0.1-5, example(lifetab): weeks, lost from sight, weaned, exposed, share not yet weaned at the beginning
  const boundaries = [0, 2, 3, 5, 7, 11, 17, 25, 37, 53];
  const lost = [2, 3, 6, 9, 7, 5, 3, 0, 0];
  const weaned = [77, 71, 119, 75, 109, 148, 107, 74, 85];
  const exposed = [926, 846.5, 771, 644.5, 561.5, 446.5, 294.5, 186, 112];
  const survival = [
    1, 0.916846652267819, 0.83994634239066, 0.71030481872725, 0.627647159449448, 0.505806482014025,
    0.338148342399074, 0.21528969168022, 0.129636803592394,
  ];
  const inside = (k: number) => ((boundaries[k] ?? NaN) + (boundaries[k + 1] ?? NaN)) / 2;
  const spells = [
    ...lost.flatMap((count, k) =>
      Array.from({ length: count }, () => ({ entry: 0, exit: inside(k), event: false })),
    ),
    ...weaned.flatMap((count, k) =>
      Array.from({ length: count }, () => ({ entry: 0, exit: inside(k), event: true })),
    ),
    ...Array.from({ length: 27 }, () => ({ entry: 0, exit: 60, event: true })),
  ];
  const table = hazardByInterval(spells, boundaries);
  expect(table.map(({ events }) => events)).toEqual(weaned);
  expect(table.map((row) => row.exposed)).toEqual(exposed);
  let product = 1;
  for (const [k, { hazard }] of table.entries()) {
    expectNear(product, survival[k] ?? NaN, 1e-12);
    product *= 1 - (hazard ?? NaN);
  }
});

it('a boundary belongs to the interval that ends there, and who is seen for a part counts as half', () => {
  const spells = [
    { entry: 0, exit: 12, event: true }, // leaves at the end of the first year
    { entry: 0, exit: 12, event: false }, // seen for all of it
    { entry: 0, exit: 5, event: false },
    { entry: 6, exit: 20, event: true },
    { entry: 12, exit: 24, event: false },
    { entry: 30, exit: 31, event: true }, // beyond the boundaries
  ];
  const table = hazardByInterval(spells, [0, 12, 24]);
  expect(table).toMatchObject([
    { from: 0, to: 12, present: 3, entered: 1, censored: 1, events: 1, exposed: 3, hazard: 1 / 3 },
    { from: 12, to: 24, present: 2, entered: 0, censored: 0, events: 1, exposed: 2, hazard: 1 / 2 },
  ]);
  expect(table[0]?.interval).toMatchObject({ method: 'wilson', level: 0.95 });
  expect(hazardByInterval([], [0, 1])[0]).toMatchObject({ exposed: 0, hazard: null, interval: null });
  expect(() => hazardByInterval([], [0, 0])).toThrow('ascending');
});

it('intervals lose no event and no spell, and their hazard is a share', () => {
  fc.assert(
    fc.property(someSpells, (spells) => {
      const kept = spells.filter(({ entry, exit }) => exit > entry);
      const table = hazardByInterval(spells, [0, 3, 4, 9, 15, 30]);
      expect(table.reduce((sum, { events }) => sum + events, 0)).toBe(
        kept.filter(({ event }) => event).length,
      );
      for (const { from, present, hazard } of table) {
        expect(present).toBe(kept.filter(({ entry, exit }) => entry <= from && from < exit).length);
        if (hazard !== null) expect(hazard >= 0 && hazard <= 1).toBe(true);
      }
    }),
    { seed: 6, numRuns: 200 },
  );
});
