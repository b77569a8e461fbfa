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
const paid = contract({ service_end_date: '2026-02-01' });
const free = contract({
  contract_id: 'f1',
  start_date: '2026-02-01',
  service_end_date: '2026-02-11',
  mrr: '0',
});
const again = contract({ contract_id: 'c2', start_date: '2026-02-11', mrr: '60' });

it('a move to a free plan is churn, a short free spell too: it is no lapse', async () => {
  expect(await tell([paid, { ...free, service_end_date: null }])).toEqual([
    NEW,
    '2026-02-01 churn -100 EUR, 100 to 0, by c1 f1',
  ]);
  expect(await tell([paid, free, again])).toEqual([
    NEW,
    '2026-02-01 churn -100 EUR, 100 to 0, by c1 f1',
    '2026-02-11 reactivation 60 EUR, 0 to 60, by c2 f1',
  ]);
});

it('with active it is a contraction of a customer who stays, and paying again is expansion', async () => {
  expect(await tell([paid, free, again], { paid_to_free_house: 'active' })).toEqual([
    NEW,
    '2026-02-01 contraction -100 EUR, 100 to 0, by c1 f1',
    '2026-02-11 expansion 60 EUR, 0 to 60, by c2 f1',
  ]);
});

it('with active a customer who leaves from a free plan is churn of 0, and comes back by reactivation', async () => {
  const later = contract({ contract_id: 'c2', start_date: '2026-05-01', mrr: '60' });
  expect(await tell([paid, free, later], { paid_to_free_house: 'active' })).toEqual([
    NEW,
    '2026-02-01 contraction -100 EUR, 100 to 0, by c1 f1',
    '2026-02-11 churn 0 EUR, 0 to 0, by f1',
    '2026-05-01 reactivation 60 EUR, 0 to 60, by c2',
  ]);
});

it('who has a free plan first is new on the first paid day, under either setting', async () => {
  const book = [
    contract({ contract_id: 'f1', mrr: '0', service_end_date: '2026-02-11' }),
    contract({ start_date: '2026-02-11' }),
  ];
  for (const paid_to_free_house of ['churn', 'active'] as const) {
    expect(await tell(book, { paid_to_free_house })).toEqual(['2026-02-11 new 100 EUR, 0 to 100, by c1 f1']);
  }
});

it('a free plan after a lapse ends it: the value is kept up to the free plan', async () => {
  const lateFree = { ...free, start_date: '2026-02-08', service_end_date: null };
  expect(await tell([paid, lateFree])).toEqual([
    NEW,
    '2026-02-08 churn -100 EUR, 100 to 0, by c1 f1, out of a lapse',
  ]);
});

const paused = contract({ paused_from: '2026-02-01', paused_to: '2026-04-01' });

it('a pause has its own lines: pause on its first day, resume on the first day after it', async () => {
  expect(await tell([paused])).toEqual([
    NEW,
    '2026-02-01 pause -100 EUR, 100 to 0, by c1',
    '2026-04-01 resume 100 EUR, 0 to 100, by c1',
  ]);
});

it('a pause can be counted as churn, or not at all', async () => {
  expect(await tell([paused], { pause: 'churn' })).toEqual([
    NEW,
    '2026-02-01 churn -100 EUR, 100 to 0, by c1',
    '2026-04-01 reactivation 100 EUR, 0 to 100, by c1',
  ]);
  expect(await tell([{ ...paused, paused_to: '2026-02-05' }], { pause: 'churn' })).toHaveLength(3);
  expect(await tell([paused], { pause: 'keep' })).toEqual([NEW]);
});

it('a pause of one of two contracts is a contraction, its end an expansion', async () => {
  expect(await tell([paused, contract({ contract_id: 'c2', mrr: '40' })])).toEqual([
    '2026-01-01 new 140 EUR, 0 to 140, by c1 c2',
    '2026-02-01 contraction -100 EUR, 140 to 40, by c1',
    '2026-04-01 expansion 100 EUR, 40 to 140, by c1',
  ]);
});

it('a pause that ends without return books resume and churn on that day', async () => {
  for (const paused_to of ['2026-03-01', null]) {
    expect(await tell([{ ...paused, service_end_date: '2026-03-01', paused_to }])).toEqual([
      NEW,
      '2026-02-01 pause -100 EUR, 100 to 0, by c1',
      '2026-03-01 churn -100 EUR, 0 to 0, by c1',
      '2026-03-01 resume 100 EUR, 0 to 0, by c1',
    ]);
  }
});

it('a pause that has not ended yet leaves the account paused', async () => {
  expect(await tell([{ ...paused, paused_to: null }])).toEqual([
    NEW,
    '2026-02-01 pause -100 EUR, 100 to 0, by c1',
  ]);
  expect(await tell([{ ...paused, paused_to: '2026-07-01' }])).toHaveLength(2);
});

it('what comes back from a pause at another price resumes whole and changes beside it', async () => {
  expect(
    await tell([
      { ...paused, service_end_date: '2026-04-01' },
      contract({ contract_id: 'c2', start_date: '2026-04-01', mrr: '130' }),
    ]),
  ).toEqual([
    NEW,
    '2026-02-01 pause -100 EUR, 100 to 0, by c1',
    '2026-04-01 expansion 30 EUR, 0 to 130, by c1 c2',
    '2026-04-01 resume 100 EUR, 0 to 130, by c1 c2',
  ]);
});

it('a lapse after a pause is still paused, and a pause does not reach into a lapse', async () => {
  expect(
    await tell([
      { ...paused, paused_to: null, service_end_date: '2026-03-01' },
      contract({ contract_id: 'c2', start_date: '2026-03-15' }),
    ]),
  ).toEqual([
    NEW,
    '2026-02-01 pause -100 EUR, 100 to 0, by c1',
    '2026-03-15 resume 100 EUR, 0 to 100, by c1 c2, out of a lapse',
  ]);
  expect(
    await tell([
      contract({ service_end_date: '2026-03-01', paused_from: '2026-03-05', paused_to: null }),
      contract({ contract_id: 'c2', start_date: '2026-03-15' }),
    ]),
  ).toEqual([NEW]);
});

it('a contract that begins paused is no customer before the pause ends', async () => {
  expect(await tell([{ ...paused, paused_from: '2025-12-01' }])).toEqual([
    '2026-04-01 new 100 EUR, 0 to 100, by c1',
  ]);
});

it('a pause goes to a free plan as resume and churn, with active as resume and contraction', async () => {
  const book = [
    { ...paused, service_end_date: '2026-03-01' },
    { ...free, start_date: '2026-03-01', service_end_date: null },
  ];
  expect(await tell(book)).toEqual([
    NEW,
    '2026-02-01 pause -100 EUR, 100 to 0, by c1',
    '2026-03-01 churn -100 EUR, 0 to 0, by c1 f1',
    '2026-03-01 resume 100 EUR, 0 to 0, by c1 f1',
  ]);
  expect((await tell(book, { paid_to_free_house: 'active' })).slice(2)).toEqual([
    '2026-03-01 contraction -100 EUR, 0 to 0, by c1 f1',
    '2026-03-01 resume 100 EUR, 0 to 0, by c1 f1',
  ]);
});
