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
  type Row,
} from '../support/raw-book.ts';
import { accountOf, contractsOf, movementsOf } from './tell.ts';

let book: RawBook;
beforeAll(async () => {
  book = await openRawBook();
});
afterAll(() => book.close());

const acme = company('1');
const importedAccount = imported('accounts', 'A', { account_id: 'A' });
const one = (properties: Record<string, string>): Raw => together(acme, deal('10', '1', properties));

async function termOf(raw: Raw): Promise<Row> {
  const [row] = await book.rows(
    raw,
    `select end_date, service_end_date, term_months, is_term_assumed, mrr, value, auto_renew, rules ->> 'end' as "end", rules ->> 'mrr' as mrr_rule from contracts`,
  );
  return row ?? {};
}

describe('terms', () => {
  it('the recorded term counts where no end is recorded', async () => {
    expect(await termOf(one({ start: '2025-01-01', term: '24', amount: '1200' }))).toMatchObject({
      end_date: '2027-01-01',
      service_end_date: '2027-01-01',
      term_months: 24,
      is_term_assumed: false,
      mrr: '50.0000',
      end: 'start + term',
    });
  });

  it('no end and no term is twelve months, and says so', async () => {
    expect(await termOf(one({ start: '2025-01-01', amount: '1200' }))).toMatchObject({
      end_date: '2026-01-01',
      term_months: 12,
      is_term_assumed: true,
      mrr: '100.0000',
      end: 'twelve months assumed',
      mrr_rule: 'amount / twelve months assumed',
    });
  });

  it('the dates say the length, to the month; both dates beat a recorded term', async () => {
    expect(
      await termOf(one({ start: '2025-01-01', end: '2027-01-01', term: '12', amount: '2400' })),
    ).toMatchObject({ term_months: 24, mrr: '100.0000', is_term_assumed: false });
    expect(await termOf(one({ start: '2025-01-01', end: '2025-01-08', amount: '70' }))).toMatchObject({
      term_months: 1,
      mrr: '70.0000',
    });
  });

  it('an open-ended import with a value of the whole has twelve months for its value and runs on', async () => {
    const raw = together(
      importedAccount,
      imported('contracts', '1', { account_id: 'A', start_date: '2025-01-01', value: '1200' }),
    );
    expect(await termOf(raw)).toMatchObject({
      end_date: null,
      service_end_date: null,
      term_months: 12,
      is_term_assumed: true,
      mrr: '100.0000',
      end: 'runs on',
    });
  });

  it('a line without an end runs on, one with a term ends with it', async () => {
    const raw = together(
      acme,
      subscription('20', '1', { start: '2025-01-01', mrr: '50' }),
      subscription('21', '1', { start: '2025-01-01', mrr: '70', term: 'P12M' }),
    );
    expect(await contractsOf(book, raw)).toEqual([
      '20: 2025-01-01 on, 50 EUR',
      '21: 2025-01-01 to 2026-01-01, 70 EUR',
    ]);
  });

  it('what renews itself runs on past its end, and falls due again each term', async () => {
    const raw = one({
      start: '2023-06-15',
      end: '2024-06-15',
      mrr: '100',
      auto_renew: 'true',
      notice_days: '60',
    });
    expect(await contractsOf(book, raw)).toEqual(['10: 2023-06-15 on, 100 EUR']);
    const due = async (today: string): Promise<unknown[]> => {
      const { renewal_date, notice_deadline } = await accountOf(book, raw, { today });
      return [renewal_date, notice_deadline];
    };
    expect(await due('2024-06-14')).toEqual(['2024-06-15', '2024-04-16']);
    expect(await due('2024-06-15')).toEqual(['2025-06-15', '2025-04-16']);
    expect(await due('2026-03-01')).toEqual(['2026-06-15', '2026-04-16']);
    const rows = await book.rows(raw, 'from _renewals');
    expect(rows).toMatchObject([{ renewal_date: '2026-06-15', days_left: 46, band: 'within_90' }]);
  });

  it('the end date ends service, or with missing_service_end open it runs on', async () => {
    const raw = one({ start: '2024-01-01', end: '2025-01-01', mrr: '100' });
    expect(await contractsOf(book, raw)).toEqual(['10: 2024-01-01 to 2025-01-01, 100 EUR']);
    expect(await accountOf(book, raw)).toMatchObject({ status: 'former', served_to: '2025-01-01' });
    const open = { book: { missing_service_end: 'open' } };
    expect(await contractsOf(book, raw, open)).toEqual(['10: 2024-01-01 on, 100 EUR']);
    expect(await accountOf(book, raw, open)).toMatchObject({ status: 'customer', served_to: null });
  });

  it('end_day says whether the last day of an imported file is served', async () => {
    const raw = together(
      importedAccount,
      imported('contracts', '1', {
        account_id: 'A',
        start_date: '2025-01-01',
        end_date: '2025-12-31',
        service_end_date: '2025-12-31',
        mrr: '100',
      }),
    );
    expect((await contractsOf(book, raw))[0]).toContain('to 2025-12-31, 100 EUR');
    const inclusive = { book: { end_day: 'inclusive' } };
    expect((await contractsOf(book, raw, inclusive))[0]).toContain('to 2026-01-01, 100 EUR');
    expect(await movementsOf(book, raw, inclusive)).toEqual([
      'accounts.csv:A 2025-01-01 new 100',
      'accounts.csv:A 2026-01-01 churn -100',
    ]);
  });

  it('a source may record its last day or the day after', async () => {
    const raw = one({ start: '2025-01-01', end: '2025-12-31', mrr: '100' });
    const mapping = {
      contracts: { deals: { start: 'start', end: 'end', end_is: 'last_day', mrr: 'mrr', won: 'won' } },
    };
    expect((await contractsOf(book, raw, { mapping }))[0]).toContain('to 2026-01-01');
    expect((await contractsOf(book, raw))[0]).toContain('to 2025-12-31');
  });

  it('a contract of no day, or of less, counts for nothing and is named with the days of the record', async () => {
    const raw = together(
      acme,
      deal('10', '1', { start: '2025-01-01', end: '2025-01-01', mrr: '100' }),
      deal('11', '1', { start: '2025-02-01', end: '2025-01-01', mrr: '100' }),
    );
    expect(await movementsOf(book, raw)).toEqual([]);
    expect(await accountOf(book, raw)).toMatchObject({ status: 'uncovered', contracts: 2, home_mrr: null });
    expect(
      await book.rows(raw, 'select problem, record_id, evidence from problems order by problem'),
    ).toEqual([
      { problem: 'end_before_start', record_id: '11', evidence: 'starts 2025-02-01, ends 2025-01-01' },
      { problem: 'no_day', record_id: '10', evidence: 'starts and ends on 2025-01-01, so it serves no day' },
      { problem: 'no_rule_covers', record_id: '1', evidence: 'has contracts, but none of them serves a day' },
    ]);
  });
});

describe('values', () => {
  it('a month, a twelfth of a year, a billing period, the whole term: the first that is recorded', async () => {
    const term = { start: '2025-01-01', end: '2026-01-01' };
    const value = async (raw: Raw): Promise<unknown> => (await termOf(raw))['mrr'];
    expect(await value(one({ ...term, mrr: '100', arr: '2400', amount: '3600' }))).toBe('100.0000');
    expect(await value(one({ ...term, arr: '2400', amount: '3600' }))).toBe('200.0000');
    expect(await value(one({ ...term, amount: '3600' }))).toBe('300.0000');
    const billed = (frequency: string): Raw =>
      together(acme, subscription('20', '1', { ...term, amount: '300', frequency }));
    expect(await value(billed('monthly'))).toBe('300.0000');
    expect(await value(billed('quarterly'))).toBe('100.0000');
    expect(await value(billed('annually'))).toBe('25.0000');
  });

  it('one value for a record everywhere: contracts, candidates, problems', async () => {
    const raw = one({ start: '2025-01-01', end: '2027-01-01', amount: '2400' });
    expect(await book.rows(raw, `select mrr from candidates where source = 'deals'`)).toEqual([
      { mrr: '100.0000' },
    ]);
    expect(await book.rows(raw, 'select mrr from contracts')).toEqual([{ mrr: '100.0000' }]);
    const lost = { ...raw, links: [] };
    expect(await book.rows(lost, `select home_mrr from problems where problem = 'unknown_account'`)).toEqual([
      { home_mrr: '100.0000' },
    ]);
  });

  it('a billing period of nothing known, a term of 0 and a value too large are no value, and break nothing', async () => {
    const raw = together(
      acme,
      subscription('20', '1', { start: '2025-01-01', amount: '300', frequency: 'now and then' }),
      subscription('21', '1', { start: '2025-01-01', mrr: '99999999999999' }),
      subscription('22', '1', { start: '2025-01-01', end: '2025-01-15', mrr: '100', term: '0' }),
    );
    expect(await book.rows(raw, 'select source_id, mrr, value, term_months from contracts')).toEqual([
      { source_id: '22', mrr: '100.0000', value: '100.0000', term_months: 1 },
    ]);
  });
});

describe('sources', () => {
  const all = together(
    acme,
    subscription('20', '1', { start: '2025-01-01', mrr: '10' }),
    deal('10', '1', { start: '2025-01-01', mrr: '30' }),
    lineItem('30', '10', { start: '2025-01-01', mrr: '20' }),
    company('2', { contract_start: '2025-01-01', mrr: '40', currency: 'EUR' }),
  );
  const sources = async (order: string[], raw = all): Promise<string[]> =>
    (
      await book.rows(raw, 'select account_id, source from contracts order by all', {
        mapping: { contracts: { order } },
      })
    ).map((row) => `${String(row['account_id'])} ${String(row['source'])}`);

  it('the first source of the order with data for the account gives all its contracts', async () => {
    expect(await sources(['subscriptions', 'line_items', 'deals', 'companies'])).toEqual([
      '1 subscriptions',
      '2 companies',
    ]);
    expect(await sources(['deals', 'line_items'])).toEqual(['1 deals']);
    expect(await sources(['line_items', 'deals', 'companies'])).toEqual(['1 line_items', '2 companies']);
  });

  it('a source that is not in the order counts for nothing, and the record says so', async () => {
    expect(await sources(['companies'])).toEqual(['2 companies']);
    const verdicts = await book.rows(all, 'select source, verdict from candidates order by source, verdict', {
      mapping: { contracts: { order: ['deals'] } },
    });
    expect(verdicts.map((row) => `${String(row['source'])} ${String(row['verdict'])}`)).toEqual(
      [
        'companies source_not_used',
        'companies no_start',
        'deals counted',
        'line_items source_not_used',
        'subscriptions source_not_used',
      ].toSorted(),
    );
  });

  it('a deal that is not won, and its lines, are no contract; nor is one of another pipeline', async () => {
    const open = together(
      acme,
      deal('10', '1', { start: '2025-01-01', mrr: '30', won: 'false' }),
      lineItem('30', '10', { start: '2025-01-01', mrr: '20' }),
    );
    expect(await sources(['line_items', 'deals'], open)).toEqual([]);
  });

  it('the company’s own record is a contract, ended by its churn date', async () => {
    const raw = company('2', {
      contract_start: '2025-01-01',
      end: '2026-06-01',
      arr: '480',
      currency: 'EUR',
      churn_date: '2026-02-01',
      churn_kind: 'voluntary',
    });
    expect(await contractsOf(book, raw)).toEqual(['2: 2025-01-01 to 2026-02-01, 40 EUR']);
    expect(await accountOf(book, raw, {}, '2')).toMatchObject({ status: 'former', churn_kind: 'voluntary' });
  });

  it('every value says where it is from', async () => {
    const raw = together(
      company('1', { notice_days: '30', paused_from: '2025-03-01', paused_to: '2025-03-31' }),
      deal('10', '1', {
        start: '2025-01-01',
        end: '2026-01-01',
        mrr: '30',
        auto_renew: 'false',
        churn_kind: 'voluntary',
      }),
    );
    const [row] = await book.rows(raw, 'select rules from contracts');
    expect(JSON.parse(String(row?.['rules']))).toEqual({
      start: 'deals.start',
      end: 'deals.end',
      mrr: 'mrr',
      service_end: 'end of term',
      currency: 'deals.currency',
      auto_renew: 'deals.auto_renew',
      notice: 'companies.notice_days',
      pause: 'companies.paused_from',
      churn_kind: 'deals.churn_kind',
      churn_reason: 'not recorded',
    });
  });
});
