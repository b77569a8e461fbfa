import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  conventionOf,
  conventions,
  DEFAULT_CONVENTION,
  MEASURES,
  type Measure,
} from '../../../src/core/reports/conventions.ts';
import { lensOf, type Lens } from '../../../src/core/reports/lens.ts';
import { GOLDEN_MONTH, loadSteps } from './steps.ts';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await loadSteps(GOLDEN_MONTH, { today: '2026-07-31' });
});
afterAll(() => db.closeSync());

function june(measure: Measure, from: string, to: string): Promise<Lens> {
  return lensOf(db, measure, conventionOf(from)[measure], conventionOf(to)[measure], '2026-06-01');
}

it('Stripe over SMSB is one point: three switches add an eleventh of eleven each, the denominator takes 1.75 away', async () => {
  const lens = await june('customer_churn', 'smsb', 'stripe');
  expect([lens.from, lens.to, lens.gap]).toEqual([9_000_000, 10_000_000, 1_000_000]);
  const shares = Object.fromEntries(lens.switches.map(({ name, share }) => [name, share]));
  expect(shares).toMatchObject({ moment: 916_667, denominator: -1_750_000, clock: 0 });
  // Two of three carry the third of a unit that is no whole one.
  expect([shares['returner'], shares['joiner_leaver']]).toEqual([916_667, 916_666]);
});

it('names the accounts: who gave notice, who came back, who joined and left, and the twenty that are new', async () => {
  const { switches } = await june('customer_churn', 'smsb', 'stripe');
  const accountsOf = (name: string): (string | null)[] =>
    (switches.find((one) => one.name === name)?.accounts ?? []).map(({ account }) => account);
  expect(accountsOf('moment')).toEqual(['notice giver']);
  expect(accountsOf('returner')).toEqual(['returner']);
  expect(accountsOf('joiner_leaver')).toEqual(['short stay']);
  expect(accountsOf('denominator')).toHaveLength(20);
  expect(accountsOf('denominator').every((account) => /^(joiner|short)/.test(account ?? ''))).toBe(true);
});

/** The default against each other. Random pairs of switches are compared in random-lens.test.ts. */
function pairs(): [string, string][] {
  return conventions()
    .map(({ id }) => id)
    .slice(1)
    .map((id) => [DEFAULT_CONVENTION, id]);
}

it.each(MEASURES)(
  'every gap of %s is explained without a rest, by switch and by account',
  async (measure) => {
    for (const [from, to] of pairs()) {
      const lens = await june(measure, from, to);
      const sum = (shares: readonly { share: number }[]): number =>
        shares.reduce((all, { share }) => all + share, 0);
      expect(sum(lens.switches), `${from} to ${to}`).toBe(lens.to - lens.from);
      for (const one of lens.switches)
        expect(sum(one.accounts), `${from} to ${to}: ${one.name}`).toBe(one.share);
    }
  },
);
