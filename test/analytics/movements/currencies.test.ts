import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contract, movementsOf, openBook, type Contract, type Rules } from './book.ts';
import { told } from './told.ts';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await openBook();
});
afterAll(() => db.closeSync());

async function tell(contracts: Contract[], rules: Partial<Rules> = {}): Promise<string[]> {
  return told(await movementsOf(db, contracts, rules));
}

const NEW = '2026-01-01 new 100 EUR, 0 to 100, by c1';
const euros = contract({ service_end_date: '2026-03-01' });

function dollars(mrr: string, home_mrr: string | null, changes: Partial<Contract> = {}): Contract {
  return contract({
    contract_id: 'u1',
    start_date: '2026-03-01',
    currency: 'USD',
    mrr,
    home_mrr,
    ...changes,
  });
}

it('a switch of currency at equal home value is currency and nothing else', async () => {
  expect(await tell([euros, dollars('125', '100')])).toEqual([
    NEW,
    '2026-03-01 currency -100 EUR, 100 to 0, by c1 u1',
    '2026-03-01 currency 125 USD (home 100), 0 to 125, by c1 u1',
  ]);
});

it('a switch to more is currency for the equal part and expansion for the rest', async () => {
  expect(await tell([euros, dollars('150', '120')])).toEqual([
    NEW,
    '2026-03-01 currency -100 EUR, 100 to 0, by c1 u1',
    '2026-03-01 currency 125 USD (home 100), 0 to 150, by c1 u1',
    '2026-03-01 expansion 25 USD (home 20), 0 to 150, by c1 u1',
  ]);
});

it('a switch to less is currency for the equal part and contraction in the currency that is left', async () => {
  expect(await tell([euros, dollars('100', '80')])).toEqual([
    NEW,
    '2026-03-01 contraction -20 EUR, 100 to 0, by c1 u1',
    '2026-03-01 currency -80 EUR, 100 to 0, by c1 u1',
    '2026-03-01 currency 100 USD (home 80), 0 to 100, by c1 u1',
  ]);
});

it('a second currency beside the first is expansion, and leaving in both is churn in both', async () => {
  expect(
    await tell([
      contract({ service_end_date: '2026-05-01' }),
      dollars('50', '40', { service_end_date: '2026-05-01' }),
    ]),
  ).toEqual([
    NEW,
    '2026-03-01 expansion 50 USD (home 40), 0 to 50, by u1',
    '2026-05-01 churn -100 EUR, 100 to 0, by c1 u1',
    '2026-05-01 churn -50 USD (home -40), 50 to 0, by c1 u1',
  ]);
});

it('the kind is decided at home rate: a discount in another currency can take the last value', async () => {
  expect(await tell([contract(), dollars('-125', '-100', { service_end_date: '2026-04-01' })])).toEqual([
    NEW,
    '2026-03-01 churn -100 EUR, 100 to 0, by u1',
    '2026-04-01 reactivation 100 EUR, 0 to 100, by u1',
  ]);
  expect(await tell([contract(), dollars('-124', '-99.2')])).toEqual([
    NEW,
    '2026-03-01 contraction -124 USD (home -99.2), 0 to -124, by u1',
  ]);
});

it('an account in one currency needs no rate; its home amount is unknown', async () => {
  expect(
    await tell([
      dollars('50', null, { service_end_date: '2026-04-01' }),
      dollars('70', null, { contract_id: 'u2', start_date: '2026-04-01' }),
    ]),
  ).toEqual([
    '2026-03-01 new 50 USD (home unknown), 0 to 50, by u1',
    '2026-04-01 expansion 20 USD (home unknown), 50 to 70, by u1 u2',
  ]);
});

it('a missing rate in one currency leaves the home amounts of the other known', async () => {
  expect(await tell([euros, dollars('125', null)])).toEqual([
    NEW,
    '2026-03-01 currency -100 EUR, 100 to 0, by c1 u1',
    '2026-03-01 currency 100 USD (home unknown), 0 to 125, by c1 u1',
    '2026-03-01 expansion 25 USD (home unknown), 0 to 125, by c1 u1',
  ]);
});

const oldRate = dollars('100', '80', { start_date: '2026-01-01', service_end_date: '2026-03-01' });
const NEW_USD = '2026-01-01 new 100 USD (home 80), 0 to 100, by u1';

it('the same money at another rate is currency: 0 in its own, the difference at home', async () => {
  expect(await tell([oldRate, dollars('100', '90', { contract_id: 'u2' })])).toEqual([
    NEW_USD,
    '2026-03-01 currency 0 USD (home 10), 100 to 100, by u1 u2',
  ]);
});

it('with the rate of each contract’s start, a change of price is valued at the old rate and the rest is currency', async () => {
  const next = dollars('150', '135', { contract_id: 'u2' });
  expect(await tell([oldRate, next], { fixed_fx: 'contract_start' })).toEqual([
    NEW_USD,
    '2026-03-01 currency 0 USD (home 15), 100 to 150, by u1 u2',
    '2026-03-01 expansion 50 USD (home 40), 100 to 150, by u1 u2',
  ]);
  expect(await tell([oldRate, next])).toEqual([
    NEW_USD,
    '2026-03-01 expansion 50 USD (home 55), 100 to 150, by u1 u2',
  ]);
});

it('a switch while the rate moved: equal value at the old rate is currency, and so is what the rate adds', async () => {
  const next = dollars('250', '225', { contract_id: 'u2' });
  expect(await tell([euros, oldRate, next], { fixed_fx: 'contract_start' })).toEqual([
    NEW.replace('by c1', 'by c1 u1'),
    NEW_USD.replace('by u1', 'by c1 u1'),
    '2026-03-01 currency -100 EUR, 100 to 0, by c1 u1 u2',
    '2026-03-01 currency 125 USD, 100 to 250, by c1 u1 u2',
    '2026-03-01 expansion 25 USD (home 20), 100 to 250, by c1 u1 u2',
  ]);
});
