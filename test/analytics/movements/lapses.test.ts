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
const CHURN = '2026-03-01 churn -100 EUR, 100 to 0, by c1';
const first = contract({ service_end_date: '2026-03-01' });

function back(day: string, changes: Partial<Contract> = {}): Contract {
  return contract({ contract_id: 'c2', start_date: day, ...changes });
}

it('a gap of 29 or 30 days keeps the value, 31 days are churn and reactivation', async () => {
  expect(await tell([first, back('2026-03-30')])).toEqual([NEW]);
  expect(await tell([first, back('2026-03-31')])).toEqual([NEW]);
  expect(await tell([first, back('2026-04-01')])).toEqual([
    NEW,
    CHURN,
    '2026-04-01 reactivation 100 EUR, 0 to 100, by c2',
  ]);
});

it('with the exclusive edge a gap of exactly 30 days is outside', async () => {
  const rules = { grace_edge: 'exclusive' } as const;
  expect(await tell([first, back('2026-03-30')], rules)).toEqual([NEW]);
  expect(await tell([first, back('2026-03-31')], rules)).toEqual([
    NEW,
    CHURN,
    '2026-03-31 reactivation 100 EUR, 0 to 100, by c2',
  ]);
});

it('without grace one day without service is churn, none is not', async () => {
  const rules = { grace_days: 0 };
  expect(await tell([first, back('2026-03-02')], rules)).toEqual([
    NEW,
    CHURN,
    '2026-03-02 reactivation 100 EUR, 0 to 100, by c2',
  ]);
  expect(await tell([first, back('2026-03-01')], rules)).toEqual([NEW]);
});

it('a change of price over a lapse shows on the day of return and is marked', async () => {
  expect(await tell([first, back('2026-03-15', { mrr: '70' })])).toEqual([
    NEW,
    '2026-03-15 contraction -30 EUR, 100 to 70, by c1 c2, out of a lapse',
  ]);
});

it('the value of the day before a lapse is that of all contracts that ended with it', async () => {
  const second = contract({ contract_id: 'c3', start_date: '2026-02-01', service_end_date: '2026-03-01' });
  expect(await tell([first, second, back('2026-03-15')])).toEqual([
    NEW,
    '2026-02-01 expansion 100 EUR, 100 to 200, by c3',
    '2026-03-15 contraction -100 EUR, 200 to 100, by c1 c2 c3, out of a lapse',
  ]);
});

it('a discount that starts or ends in a lapse shows on the day of return', async () => {
  const ends = contract({ contract_id: 'd1', service_end_date: '2026-03-05', mrr: '-10' });
  const starts = contract({ contract_id: 'd2', start_date: '2026-03-08', mrr: '-25' });
  expect(await tell([first, ends, starts, back('2026-03-15')])).toEqual([
    '2026-01-01 new 90 EUR, 0 to 90, by c1 d1',
    '2026-03-15 contraction -15 EUR, 90 to 75, by c1 c2 d1 d2, out of a lapse',
  ]);
});

it('a discount alone is no service: it does not keep a customer', async () => {
  const discount = contract({ contract_id: 'd1', mrr: '-10' });
  expect(await tell([first, discount])).toEqual([
    '2026-01-01 new 90 EUR, 0 to 90, by c1 d1',
    '2026-03-01 churn -90 EUR, 90 to 0, by c1',
  ]);
});

it('a trial in a gap is no service: the lapse goes on', async () => {
  const trial = contract({
    contract_id: 't1',
    start_date: '2026-03-01',
    service_end_date: '2026-04-10',
    is_trial: true,
  });
  expect(await tell([first, trial, back('2026-03-20')])).toEqual([NEW]);
  expect(await tell([first, trial, back('2026-04-10')])).toEqual([
    NEW,
    CHURN,
    '2026-04-10 reactivation 100 EUR, 0 to 100, by c2',
  ]);
});

it('the second return is a reactivation too, and lapses of one account are judged one by one', async () => {
  expect(
    await tell([
      first,
      back('2026-03-11', { service_end_date: '2026-03-20' }),
      contract({ contract_id: 'c3', start_date: '2026-05-01', service_end_date: '2026-05-02' }),
      contract({ contract_id: 'c4', start_date: '2026-06-10' }),
    ]),
  ).toEqual([
    NEW,
    '2026-03-20 churn -100 EUR, 100 to 0, by c2',
    '2026-05-01 reactivation 100 EUR, 0 to 100, by c3',
    '2026-05-02 churn -100 EUR, 100 to 0, by c3',
    '2026-06-10 reactivation 100 EUR, 0 to 100, by c4',
  ]);
});

it('a lapse is the account’s: another plan in service leaves none', async () => {
  const other = contract({ contract_id: 'b1', line: 'b', mrr: '40' });
  const book = [{ ...first, line: 'a' }, back('2026-03-15', { line: 'a', mrr: '110' }), other];
  expect(await tell(book)).toEqual([
    '2026-01-01 new 140 EUR, 0 to 140, by b1 c1',
    '2026-03-01 contraction -100 EUR, 140 to 40, by c1',
    '2026-03-15 expansion 110 EUR, 40 to 150, by c2',
  ]);
});

it('with the scope contract each plan has its own lapse, and a return on another plan closes none', async () => {
  const rules = { grace_scope: 'contract' } as const;
  const other = contract({ contract_id: 'b1', line: 'b', mrr: '40' });
  expect(
    await tell([{ ...first, line: 'a' }, back('2026-03-15', { line: 'a', mrr: '110' }), other], rules),
  ).toEqual([
    '2026-01-01 new 140 EUR, 0 to 140, by b1 c1',
    '2026-03-15 expansion 10 EUR, 140 to 150, by c1 c2, out of a lapse',
  ]);
  expect(await tell([{ ...first, line: 'a' }, back('2026-03-15', { line: 'b' })], rules)).toEqual([
    NEW,
    CHURN,
    '2026-03-15 reactivation 100 EUR, 0 to 100, by c2',
  ]);
});

it('an open lapse is churn on the service end day, or kept until the window is over', async () => {
  const keep = { open_lapse: 'keep' } as const;
  expect(await tell([first], { as_of: '2026-03-10' })).toEqual([NEW, CHURN]);
  expect(await tell([first], { ...keep, as_of: '2026-03-10' })).toEqual([NEW]);
  expect(await tell([first], { ...keep, as_of: '2026-03-30' })).toEqual([NEW]);
  expect(await tell([first], { ...keep, as_of: '2026-03-31' })).toEqual([NEW, CHURN]);
  expect(await tell([first], { ...keep, grace_edge: 'exclusive', as_of: '2026-03-29' })).toEqual([NEW]);
  expect(await tell([first], { ...keep, grace_edge: 'exclusive', as_of: '2026-03-30' })).toEqual([
    NEW,
    CHURN,
  ]);
  expect(await tell([first], { ...keep, grace_days: 0, as_of: '2026-03-01' })).toEqual([NEW, CHURN]);
});

it('a churn seen while the lapse was open is gone once the account is back in time', async () => {
  const book = [first, back('2026-03-20')];
  expect(await tell(book, { as_of: '2026-03-19' })).toEqual([NEW, CHURN]);
  expect(await tell(book, { as_of: '2026-03-20' })).toEqual([NEW]);
});
