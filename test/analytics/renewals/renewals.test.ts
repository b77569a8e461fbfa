import { afterAll, beforeAll, expect, it } from 'vitest';
import { company, deal, openRawBook, together, type RawBook, type RawOptions } from '../support/raw-book.ts';

let book: RawBook;
beforeAll(async () => {
  book = await openRawBook();
});
afterAll(() => book.close());

const term = { start: '2024-02-01', end: '2025-02-01', mrr: '100' };

async function told(deals: readonly Record<string, string>[], options: RawOptions = {}): Promise<string[]> {
  const raw = together(company('1'), ...deals.map((one, n) => deal(String(10 + n), '1', one)));
  const rows = await book.rows(raw, 'from renewals order by due_on, contract_id', options);
  return rows.map((row) =>
    [row['contract_id'], row['number'], row['due_on'], row['outcome'], row['successor']]
      .flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []))
      .map((value) => value.replace('deals:', ''))
      .join(' '),
  );
}

it('a term that a successor follows within the grace is renewed, early or late; else it is lost', async () => {
  const next = (start: string): Record<string, string> => ({
    start,
    end: '2026-12-01',
    mrr: '120',
    kind: 'renewal',
  });
  const ahead = '11 1 2026-12-01 ahead';
  expect(await told([term, next('2025-01-20')])).toEqual(['10 1 2025-02-01 renewed 11', ahead]);
  expect(await told([term, next('2025-03-03')])).toEqual(['10 1 2025-02-01 renewed 11', ahead]);
  expect(await told([term, next('2025-03-04')])).toEqual(['10 1 2025-02-01 lost', ahead]);
});

it('a term that ended within the grace and has no successor yet is open', async () => {
  expect(await told([term], { today: '2025-03-03' })).toEqual(['10 1 2025-02-01 open']);
  expect(await told([term], { today: '2025-03-04' })).toEqual(['10 1 2025-02-01 lost']);
});

it('what renews itself falls due again each term, and its end is the last', async () => {
  const auto = { ...term, auto_renew: 'true' };
  expect(await told([auto])).toEqual([
    '10 1 2025-02-01 renewed',
    '10 2 2026-02-01 renewed',
    '10 3 2027-02-01 ahead',
  ]);
  expect(await told([{ ...auto, service_end: '2026-02-01' }], { today: '2026-06-01' })).toEqual([
    '10 1 2025-02-01 renewed',
    '10 2 2026-02-01 lost',
  ]);
});

it('what ended before its term was not due', async () => {
  expect(await told([{ ...term, service_end: '2024-10-01' }])).toEqual([]);
});

it('terms shorter than renewal_min_months are none, and neither are trials, free plans and discounts', async () => {
  const short = { start: '2025-02-01', end: '2025-06-30', mrr: '100' };
  expect(
    await told([short, { ...term, trial: 'true' }, { ...term, mrr: '0' }, { ...term, mrr: '-5' }]),
  ).toEqual([]);
  expect(await told([short], { book: { renewal_min_months: 4 } })).toEqual(['10 1 2025-06-30 lost']);
  expect(await told([{ ...short, end: '2025-07-01' }])).toEqual(['10 1 2025-07-01 lost']);
});

it('is one row for a contract and a day, and what was due is renewed, lost, open or ahead', async () => {
  const raw = together(
    company('1'),
    deal('10', '1', { ...term, auto_renew: 'true', term: '12' }),
    deal('11', '1', { ...term, currency: 'XXB' }),
    deal('12', '1', term),
  );
  const rows = await book.rows(
    raw,
    `select count(*) as n, count(distinct (contract_id, due_on)) as keys, sum(home_mrr) as due,
       sum(home_mrr) filter (outcome in ('renewed', 'lost', 'open', 'ahead')) as parts from renewals`,
  );
  expect(rows).toEqual([{ n: '5', keys: '5', due: '400.0000', parts: '400.0000' }]);
});
