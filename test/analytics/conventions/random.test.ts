import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { churnOf } from '../../../src/core/reports/churn.ts';
import { conventions, MEASURES, type Measure, type Switches } from '../../../src/core/reports/conventions.ts';
import { openBook, type Contract, type Rules } from '../movements/book.ts';
import { oracleChurn } from './oracle.ts';
import { BookRules, MONTHS, NoticedBook, RandomMeasure, RandomSwitches } from './random-book.ts';
import { fillSteps } from './steps.ts';

const TODAY = '2026-09-30';
let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

async function expectWalked(
  book: Contract[],
  rules: Rules,
  measure: Measure,
  switches: Switches,
): Promise<void> {
  const figures = await churnOf(db, measure, switches, MONTHS);
  const scale = measure === 'customer_churn' ? 1 : 10_000;
  for (const figure of figures) {
    const walked = oracleChurn(book, rules, TODAY, measure, switches, figure.month);
    const told = `${measure} of ${figure.month} under ${JSON.stringify(switches)}`;
    expect(Math.round(figure.numerator * scale), told).toBe(walked.numerator);
    expect(figure.denominator * scale, told).toBeCloseTo(walked.denominator, 3);
    if (walked.value === null) expect(figure.value, told).toBeNull();
    else expect(figure.value, told).toBeCloseTo(walked.value, 9);
  }
}

it('every measure under any set of switches is what walking through the days says', async () => {
  const sets = fc.array(fc.tuple(RandomMeasure, RandomSwitches), { minLength: 12, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, sets, async (book, rules, drawn) => {
      await fillSteps(db, book, { today: TODAY, rules });
      for (const [measure, switches] of drawn) await expectWalked(book, rules, measure, switches);
    }),
    { seed: 20260901, numRuns: 12, endOnFailure: true },
  );
});

it('every convention is what walking through the days says', async () => {
  await fc.assert(
    fc.asyncProperty(NoticedBook, BookRules, async (book, rules) => {
      await fillSteps(db, book, { today: TODAY, rules });
      for (const convention of conventions())
        for (const measure of MEASURES) await expectWalked(book, rules, measure, convention[measure]);
    }),
    { seed: 20260902, numRuns: 3, endOnFailure: true },
  );
});
