import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  company,
  deal,
  imported,
  lineItem,
  openRawBook,
  subscription,
  together,
  type Raw,
  type RawBook,
} from '../support/raw-book.ts';
import { accountOf, contractsOf, movementsOf } from './tell.ts';

let book: RawBook;
beforeAll(async () => {
  book = await openRawBook();
});
afterAll(() => book.close());

const year = { start: '2025-01-01', end: '2026-01-01', mrr: '100' };
const next = { start: '2026-01-01', end: '2027-01-01', mrr: '120' };
const acme = company('1');

function pair(first: Record<string, string>, second: Record<string, string>): Raw {
  return together(acme, deal('10', '1', first), deal('11', '1', second));
}

describe('what replaces and what adds', () => {
  it('a renewal replaces, and cuts the overlap', async () => {
    const raw = pair(year, { ...next, start: '2025-12-15', kind: 'renewal' });
    expect(await contractsOf(book, raw)).toEqual([
      '10: 2025-01-01 to 2025-12-15, 100 EUR, then 11',
      '11: 2025-12-15 to 2027-01-01, 120 EUR',
    ]);
    expect(await movementsOf(book, raw)).toEqual(['1 2025-01-01 new 100', '1 2025-12-15 expansion 20']);
  });

  it('a renewal on another line replaces too', async () => {
    const raw = pair(
      { ...year, line: 'basic' },
      { ...next, start: '2025-12-15', line: 'plus', kind: 'renewal' },
    );
    expect(await contractsOf(book, raw)).toEqual([
      '10: 2025-01-01 to 2025-12-15, 100 EUR, then 11',
      '11: 2025-12-15 to 2027-01-01, 120 EUR',
    ]);
  });

  it('the same line replaces without being called a renewal', async () => {
    const raw = pair({ ...year, line: 'basic' }, { ...next, start: '2025-12-15', line: 'basic' });
    expect((await contractsOf(book, raw))[0]).toBe('10: 2025-01-01 to 2025-12-15, 100 EUR, then 11');
  });

  it('another line, or none, adds', async () => {
    for (const line of [{ line: 'plus' }, {}] as Record<string, string>[]) {
      const raw = pair({ ...year, line: 'basic' }, { ...next, start: '2025-12-15', ...line });
      expect(await contractsOf(book, raw)).toEqual([
        '10: 2025-01-01 to 2026-01-01, 100 EUR',
        '11: 2025-12-15 to 2027-01-01, 120 EUR',
      ]);
    }
  });

  it('a start outside the grace window of the end adds; on its edge it replaces', async () => {
    const starting = (start: string): Promise<string[]> =>
      contractsOf(book, pair(year, { ...next, start, kind: 'renewal' }));
    expect((await starting('2025-12-02'))[0]).toBe('10: 2025-01-01 to 2025-12-02, 100 EUR, then 11');
    expect((await starting('2025-12-01'))[0]).toBe('10: 2025-01-01 to 2026-01-01, 100 EUR');
    expect((await starting('2026-01-31'))[0]).toBe('10: 2025-01-01 to 2026-01-01, 100 EUR, then 11');
    expect((await starting('2026-02-01'))[0]).toBe('10: 2025-01-01 to 2026-01-01, 100 EUR');
  });

  it('what renews itself ends where its renewal begins, in its first term and in a later one', async () => {
    const auto = { ...year, auto_renew: 'true' };
    expect(await contractsOf(book, pair(auto, { ...next, kind: 'renewal' }))).toEqual([
      '10: 2025-01-01 to 2026-01-01, 100 EUR, then 11',
      '11: 2026-01-01 to 2027-01-01, 120 EUR',
    ]);
    const old = { ...auto, start: '2022-01-01', end: '2023-01-01' };
    const raw = pair(old, { ...next, kind: 'renewal' });
    expect((await contractsOf(book, raw))[0]).toBe('10: 2022-01-01 to 2026-01-01, 100 EUR, then 11');
    expect(await accountOf(book, raw)).toMatchObject({ home_mrr: '120.0000', renewal_date: '2027-01-01' });
  });

  it('an addition in the middle of the first term of what renews itself adds, on its own line too', async () => {
    const auto = { ...year, auto_renew: 'true', line: 'basic' };
    const raw = pair(auto, { ...next, start: '2025-06-01', line: 'basic' });
    expect((await contractsOf(book, raw))[0]).toBe('10: 2025-01-01 on, 100 EUR');
  });

  it('a line without an end is ended by its next price', async () => {
    const raw = together(
      acme,
      subscription('20', '1', { start: '2025-01-01', mrr: '50', line: 'basic' }),
      subscription('21', '1', { start: '2025-09-10', mrr: '70', line: 'basic' }),
    );
    expect(await contractsOf(book, raw)).toEqual([
      '20: 2025-01-01 to 2025-09-10, 50 EUR, then 21',
      '21: 2025-09-10 on, 70 EUR',
    ]);
    expect(await accountOf(book, raw)).toMatchObject({ status: 'customer', home_mrr: '70.0000' });
  });

  it('a ramp signed ahead is one price after the other, each replaced by the next', async () => {
    const step = (id: string, from: string, to: string, mrr: string): Raw =>
      lineItem(id, '10', { start: from, end: to, mrr, line: 'basic' });
    const raw = together(
      acme,
      deal('10', '1', {}),
      step('30', '2025-01-01', '2026-01-01', '100'),
      step('31', '2026-01-01', '2027-01-01', '120'),
      step('32', '2027-01-01', '2028-01-01', '150'),
    );
    expect(await contractsOf(book, raw)).toEqual([
      '30: 2025-01-01 to 2026-01-01, 100 EUR, then 31',
      '31: 2026-01-01 to 2027-01-01, 120 EUR, then 32',
      '32: 2027-01-01 to 2028-01-01, 150 EUR',
    ]);
    expect(await accountOf(book, raw)).toMatchObject({
      home_mrr: '120.0000',
      next_home_mrr: '150.0000',
      renewal_date: '2028-01-01',
    });
  });

  it('two rows of one product that end together are both replaced by the next', async () => {
    const raw = together(
      acme,
      deal('10', '1', { kind: 'new' }),
      lineItem('30', '10', { ...year, line: 'basic' }),
      lineItem('31', '10', { ...year, line: 'basic', mrr: '40' }),
      deal('11', '1', { kind: 'renewal' }),
      lineItem('32', '11', { ...next, start: '2025-12-20', line: 'basic' }),
    );
    expect(await contractsOf(book, raw)).toEqual([
      '30: 2025-01-01 to 2025-12-20, 100 EUR, then 32',
      '31: 2025-01-01 to 2025-12-20, 40 EUR, then 32',
      '32: 2025-12-20 to 2027-01-01, 120 EUR',
    ]);
  });

  it('a renewal leaves alone what its own line goes on with', async () => {
    const raw = together(
      acme,
      deal('10', '1', { kind: 'new' }),
      lineItem('30', '10', { ...year, line: 'basic' }),
      lineItem('31', '10', { ...year, line: 'seats', mrr: '40', end: '2026-01-20' }),
      deal('11', '1', { kind: 'renewal' }),
      lineItem('32', '11', { ...next, line: 'basic' }),
      lineItem('33', '11', { ...next, line: 'seats', mrr: '60', start: '2026-01-20' }),
    );
    expect(await contractsOf(book, raw)).toEqual([
      '30: 2025-01-01 to 2026-01-01, 100 EUR, then 32',
      '31: 2025-01-01 to 2026-01-20, 40 EUR, then 33',
      '32: 2026-01-01 to 2027-01-01, 120 EUR',
      '33: 2026-01-20 to 2027-01-01, 60 EUR',
    ]);
  });

  it('a discount of the same product replaces no price, and a trial nothing that is paid', async () => {
    const raw = together(
      acme,
      deal('10', '1', { ...year, line: 'basic' }),
      deal('11', '1', { ...next, start: '2025-12-20', line: 'basic', mrr: '-20' }),
      deal('12', '1', { ...next, start: '2025-12-10', line: 'basic', mrr: '200', trial: 'true' }),
    );
    expect((await contractsOf(book, raw))[0]).toBe('10: 2025-01-01 to 2026-01-01, 100 EUR');
  });

  it('a paid contract ends the trial of its line', async () => {
    const raw = pair(
      { start: '2025-12-01', end: '2026-01-10', mrr: '100', trial: 'true', line: 'basic' },
      { ...next, line: 'basic' },
    );
    expect((await contractsOf(book, raw))[0]).toBe('10: 2025-12-01 to 2026-01-01, 100 EUR, then 11');
    expect(await movementsOf(book, raw)).toEqual(['1 2026-01-01 new 120']);
  });

  it('imported contracts follow the same rules', async () => {
    const raw = together(
      imported('accounts', 'A', { account_id: 'A' }),
      imported('contracts', '1', { account_id: 'A', start_date: '2025-01-01', mrr: '50', line: 'basic' }),
      imported('contracts', '2', { account_id: 'A', start_date: '2025-07-01', mrr: '70', line: 'basic' }),
    );
    expect(await contractsOf(book, raw)).toEqual([
      'contracts.csv:1: 2025-01-01 to 2025-07-01, 50 EUR, then contracts.csv:2',
      'contracts.csv:2: 2025-07-01 on, 70 EUR',
    ]);
  });
});
