import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../../src/core/accounts/problems.ts';
import type { BuildInputs } from '../../../src/warehouse/build.ts';
import { dayText, toDay } from '../../../src/demo/generator/days.ts';
import { liveAccount, type Life, type Term } from '../../../src/demo/generator/life.ts';
import { makeMessy, MESSY } from '../../../src/demo/generator/messy.ts';
import { nameLife, storyOf } from '../../../src/demo/generator/named.ts';
import { planOf } from '../../../src/demo/generator/plan.ts';
import type { World } from '../../../src/demo/generator/world.ts';
import { demoInputs } from '../../support/book.ts';
import { martRows, type MartRow } from '../../support/marts.ts';
import { ANCHOR, openBench, type SyncBench } from '../../support/sync.ts';

const ACCOUNTS = 300;
const SEED = 5;
const FIRST_COMPANY = 7_000_000_000;
const ROOM = 4;
const RATES = { USD: 1, EUR: 1.09, GBP: 1.27 };
const today = toDay(ANCHOR.getTime());

const world: World = { seed: SEED, accounts: ACCOUNTS, today, until: ANCHOR.getTime() - 3_600_000 };
const story = (account: number): Life => nameLife(makeMessy(liveAccount(world, account), world), world);
const companyId = (account: number): string => String(FIRST_COMPANY + account * ROOM);
const messy = new Set<number>(Object.values(MESSY));

let accounts: Map<string, MartRow>;
let bench: SyncBench;
let inputs: BuildInputs;
let contracts: MartRow[];
let problems: MartRow[];

beforeAll(async () => {
  bench = await openBench({ accounts: ACCOUNTS, seed: SEED });
  await bench.sync();
  inputs = { ...demoInputs(bench.clock.now()), today: dayText(today) };
  accounts = new Map(
    (await martRows(bench.warehouse, inputs, 'from accounts')).map((row) => [String(row['account_id']), row]),
  );
  contracts = await martRows(bench.warehouse, inputs, 'from contracts');
  problems = await martRows(bench.warehouse, inputs, 'from problems');
}, 120_000);
afterAll(() => bench.close());

/** What the invented story of an account says, which the marts have never seen. */
function expected(
  life: Life,
): { status: string; since: string | null; mrr: number | null; renewal: string | null } | null {
  const signed = life.terms.filter((term) => isSigned(life, term));
  const [first] = signed;
  if (first === undefined) return null;
  const last = signed.at(-1) ?? first;
  // What is signed to follow renews it: the end of that one is what comes up next.
  const renewal = life.billing === 'monthly' ? null : dayText(last.end + 1);
  if (first.start > today) return { status: 'future', since: null, mrr: null, renewal };
  const begun = signed.filter((term) => term.start <= today);
  const running = begun.find((term) => term.end >= today);
  const spell = begun.findLast((term, n) => n === 0 || term.start - (begun[n - 1]?.end ?? 0) - 1 > 30);
  if (running === undefined)
    return { status: 'former', since: dayText(spell?.start ?? first.start), mrr: null, renewal: null };
  const expansion = running.expansion !== null && running.expansion.day <= today ? running.expansion.mrr : 0;
  const own = life.billing === 'monthly' ? running.mrr : running.mrr + expansion;
  return {
    status: 'customer',
    since: dayText(spell?.start ?? first.start),
    mrr: own * RATES[life.currency],
    renewal,
  };
}

// Sold by now; what is billed by the month goes on without being sold again.
function isSigned(life: Life, term: Term): boolean {
  if (life.billing === 'monthly' && term.kind === 'renewal') return term.start <= today;
  return planOf(world, life, storyOf(world, life.account)).deals.some(
    (deal) => deal.kind === 'term' && deal.term?.start === term.start && deal.closedAt <= world.until,
  );
}

describe('accounts of the demo portal', () => {
  it('tell the story they were invented by: status, since when, value today, renewal', () => {
    let customers = 0;
    let leavers = 0;
    for (let account = 0; account < ACCOUNTS; account += 1) {
      if (messy.has(account)) continue;
      const life = story(account);
      const want = expected(life);
      const row = accounts.get(companyId(account));
      if (want === null) {
        expect(row, `account ${account}`).toBeUndefined();
        continue;
      }
      if (want.status === 'customer') customers += 1;
      if (want.status === 'former') leavers += 1;
      expect(row, `account ${account}`).toMatchObject({
        status: want.status,
        spell_started_on: want.since,
        renewal_date: want.renewal,
      });
      if (want.mrr === null) expect(row?.['home_mrr'], `account ${account}`).toBeNull();
      else expect(Math.abs(Number(row?.['home_mrr']) - want.mrr), `account ${account}`).toBeLessThan(0.05);
    }
    expect(customers).toBeGreaterThan(120);
    expect(leavers).toBeGreaterThan(20);
  });

  it('leave out internal accounts and companies nobody calls a customer', () => {
    expect(accounts.has(companyId(MESSY.internalAccount))).toBe(false);
    const never = Array.from({ length: ACCOUNTS }, (_, account) => account).find(
      (account) => !messy.has(account) && !story(account).isCustomer,
    );
    expect(accounts.has(companyId(never ?? 0))).toBe(false);
  });

  it('are worth today what their movements add up to, and each problem is of a known kind', async () => {
    const sums = await martRows(
      bench.warehouse,
      inputs,
      `select account_id, sum(home_amount) as home_mrr from movements group by account_id`,
    );
    const moved = new Map(sums.map((row) => [row['account_id'], Number(row['home_mrr'])]));
    for (const [id, row] of accounts) {
      if (row['status'] !== 'customer' || id === companyId(MESSY.unknownCurrency)) continue;
      expect(moved.get(id), id).toBeCloseTo(Number(row['home_mrr']), 4);
    }
    for (const row of problems) expect(PROBLEMS).toContain(row['problem']);
  });

  it('are one row each', () => {
    expect(new Set(accounts.keys()).size).toBe(accounts.size);
    expect(new Set(contracts.map((row) => row['contract_id'])).size).toBe(contracts.length);
  });
});

describe('named cases', () => {
  const of = (account: number): MartRow => accounts.get(companyId(account)) ?? {};
  const problemsOf = (account: number): unknown[] =>
    problems.filter((row) => row['account_id'] === companyId(account)).map((row) => row['problem']);

  it('a gap within the grace keeps the spell, one beyond it begins another', () => {
    expect(of(MESSY.gapWithinGrace)['first_paid_on']).toBe(of(MESSY.gapWithinGrace)['spell_started_on']);
    expect(of(MESSY.gapBeyondGrace)['first_paid_on']).not.toBe(of(MESSY.gapBeyondGrace)['spell_started_on']);
    expect(of(MESSY.returner)['first_paid_on']).not.toBe(of(MESSY.returner)['spell_started_on']);
  });

  it('an overlapping renewal ends its predecessor instead of doubling the value', () => {
    const mine = contracts.filter((row) => row['account_id'] === companyId(MESSY.overlap));
    const replaced = mine.filter((row) => row['replaced_by'] !== null);
    expect(replaced.length).toBeGreaterThan(0);
    for (const row of replaced) {
      const successor = mine.find((other) => other['contract_id'] === row['replaced_by']);
      expect(row['service_end_date']).toBe(successor?.['start_date']);
    }
    expect(Number(of(MESSY.overlap)['home_mrr'])).toBeGreaterThan(0);
    expect(Number(of(MESSY.overlap)['home_mrr'])).toBeLessThan(1500);
  });

  it('a company without deals is an uncovered customer and a problem to work off', () => {
    expect(of(MESSY.noDeals)).toMatchObject({ status: 'uncovered', contracts: 0, home_mrr: null });
    expect(problemsOf(MESSY.noDeals)).toContain('no_rule_covers');
  });

  it('a currency without a rate is left out of sums and named', () => {
    expect(of(MESSY.unknownCurrency)).toMatchObject({ status: 'customer', home_mrr: null });
    expect(problemsOf(MESSY.unknownCurrency)).toContain('missing_rate');
  });

  it('every value can say its rule', () => {
    for (const row of contracts) {
      const rules: unknown = JSON.parse(String(row['rules']));
      expect(rules).toMatchObject({
        start: expect.stringContaining('.') as string,
        end: expect.any(String) as string,
        mrr: expect.any(String) as string,
        service_end: expect.any(String) as string,
      });
    }
  });
});
