import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { churnOf } from '../../../src/core/reports/churn.ts';
import { Switches, type Measure } from '../../../src/core/reports/conventions.ts';
import { lensOf, LENS_UNITS, type Lens } from '../../../src/core/reports/lens.ts';
import { openBook } from '../movements/book.ts';
import { BookRules, NoticedBook, RandomMeasure, RandomSwitches } from './random-book.ts';
import { fillSteps } from './steps.ts';

const TODAY = '2026-09-30';
const MONTH = '2026-03-01';
let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

/** Two sets that differ in at most four switches: sixteen sets between them. */
const Pair = fc
  .tuple(
    RandomSwitches,
    RandomSwitches,
    fc.shuffledSubarray(Object.keys(Switches.shape), { minLength: 1, maxLength: 4 }),
  )
  .map(([from, other, names]): [Switches, Switches] => [
    from,
    Switches.parse({
      ...from,
      ...Object.fromEntries(Object.entries(other).filter(([name]) => names.includes(name))),
    }),
  ]);

it('any gap is the sum of its switches and accounts, which are the Shapley values of the figures, and turned round is negated', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      NoticedBook,
      BookRules,
      RandomMeasure,
      Pair,
      async (book, rules, measure, [from, to]) => {
        await fillSteps(db, book, { today: TODAY, rules });
        const expected = await shapley(measure, from, to);
        if (expected === null) {
          await expect(lensOf(db, measure, from, to, MONTH)).rejects.toMatchObject({ code: 'invalid' });
          return;
        }
        const lens = await lensOf(db, measure, from, to, MONTH);
        expectWhole(lens);
        for (const { name, share } of lens.switches)
          expect(Math.abs(share - (expected.get(name) ?? 0) * LENS_UNITS), name).toBeLessThan(2);
        const back = await lensOf(db, measure, to, from, MONTH);
        expect(back.gap + lens.gap).toBe(0);
        for (const [n, { share, accounts }] of lens.switches.entries()) {
          expect((back.switches[n]?.share ?? 0) + share).toBe(0);
          const turned = new Map(back.switches[n]?.accounts.map((one) => [one.account, one.share]));
          for (const one of accounts)
            expect(Math.abs((turned.get(one.account) ?? 0) + one.share)).toBeLessThan(2);
        }
        compared += lens.switches.length;
      },
    ),
    { seed: 20260909, numRuns: 14, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(10);
});

it('between equal sets there is nothing to explain', async () => {
  await fc.assert(
    fc.asyncProperty(
      NoticedBook,
      BookRules,
      RandomMeasure,
      RandomSwitches,
      async (book, rules, measure, switches) => {
        await fillSteps(db, book, { today: TODAY, rules });
        const [figure] = await churnOf(db, measure, switches, [MONTH]);
        fc.pre(figure?.value !== null);
        expect(await lensOf(db, measure, switches, switches, MONTH)).toMatchObject({ gap: 0, switches: [] });
      },
    ),
    { seed: 20260910, numRuns: 5, endOnFailure: true },
  );
});

function expectWhole(lens: Lens): void {
  const sum = (shares: readonly { share: number }[]): number =>
    shares.reduce((all, { share }) => all + share, 0);
  expect(sum(lens.switches)).toBe(lens.gap);
  for (const { accounts, share } of lens.switches) expect(sum(accounts)).toBe(share);
}

/** By the definition, over the orders in which the switches can be turned, from the figures alone; null where one has none. */
async function shapley(measure: Measure, from: Switches, to: Switches): Promise<Map<string, number> | null> {
  const names = Switches.keyof().options.filter((name) => from[name] !== to[name]);
  const values: number[] = [];
  for (let set = 0; set < 2 ** names.length; set += 1) {
    const turned = names.filter((_, n) => (set & (1 << n)) !== 0).map((name) => [name, to[name]]);
    const [figure] = await churnOf(db, measure, Switches.parse({ ...from, ...Object.fromEntries(turned) }), [
      MONTH,
    ]);
    if (figure?.value === null || figure === undefined) return null;
    values.push(figure.value);
  }
  const orders = permutations(names.map((_, n) => n));
  const shares = new Map<string, number>(names.map((name) => [name, 0]));
  for (const order of orders) {
    let set = 0;
    for (const n of order) {
      const next = set | (1 << n);
      const name = names[n] ?? '';
      shares.set(name, (shares.get(name) ?? 0) + ((values[next] ?? 0) - (values[set] ?? 0)) / orders.length);
      set = next;
    }
  }
  return shares;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
