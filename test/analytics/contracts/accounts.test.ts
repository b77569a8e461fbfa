import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  company,
  deal,
  imported,
  openRawBook,
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

const year = { start: '2025-06-01', end: '2026-06-01', mrr: '100' };
const over = { start: '2025-01-01', end: '2026-02-10', mrr: '100' };
let next = 10;
/** A company with deals; ids of deals are their own. */
function customer(id: string, ...deals: Record<string, string>[]): Raw {
  return together(company(id), ...deals.map((one) => deal(String((next += 1)), id, one)));
}

describe('status', () => {
  it('of these accounts is exactly this', async () => {
    const raw = together(
      customer('1', year),
      customer('2', over),
      customer('3', { ...year, start: '2026-04-01', end: '2027-04-01' }),
      customer('4', { ...year, trial: 'true' }),
      customer('5', { ...year, mrr: '0' }),
      customer('6', year, { ...year, mrr: '-100' }),
      customer('7', { ...year, mrr: '-50' }),
      company('8', { stage: 'customer' }),
      company('9'),
      customer('10', { ...year, paused_from: '2026-02-01' }),
      customer('11', over, { start: '2026-02-10', mrr: '0', term: '12' }),
      customer('12', { ...over, end: '2026-01-01' }, { ...year, trial: 'true', start: '2026-02-01' }),
      together(company('13', { account_type: 'internal' }), deal('130', '13', year)),
      imported('accounts', 'A', { account_id: 'A' }),
      imported('purchases', '1', { account_id: 'A', day: '2026-01-01', amount: '20' }),
      imported('accounts', 'B', { account_id: 'B' }),
      // a second file names it again
      imported('accounts', 'B2', { account_id: 'B' }),
    );
    const rows = await book.rows(
      raw,
      `select account_id, status, home_mrr, contracts from accounts order by try_cast(account_id as integer), account_id`,
    );
    expect(rows.map((row) => [row['account_id'], row['status'], row['home_mrr'], row['contracts']])).toEqual([
      ['1', 'customer', '100.0000', 1],
      ['2', 'former', null, 1],
      ['3', 'future', null, 1],
      ['4', 'trial', null, 1],
      ['5', 'free', null, 1],
      ['6', 'free', null, 2],
      ['7', 'free', null, 1],
      ['8', 'uncovered', null, 0],
      ['10', 'customer', '0.0000', 1],
      ['11', 'former', null, 2],
      ['12', 'former', null, 2],
      ['accounts.csv:A', 'uncovered', null, 0],
      ['accounts.csv:B', 'uncovered', null, 0],
    ]);
    const problems = await book.rows(
      raw,
      `select account_id, evidence from problems where problem = 'no_rule_covers' order by account_id`,
    );
    expect(problems).toEqual([
      { account_id: '8', evidence: 'called a customer, but no contract was found in any source' },
      { account_id: 'accounts.csv:B', evidence: 'imported, but without a contract' },
    ]);
  });

  it('a book of purchases alone has its accounts, and lacks nothing', async () => {
    const raw = together(
      imported('accounts', 'A', { account_id: 'A' }),
      imported('purchases', '1', { account_id: 'A', day: '2026-01-01', amount: '20' }),
    );
    expect(await book.rows(raw, 'select account_id, status from accounts')).toEqual([
      { account_id: 'accounts.csv:A', status: 'uncovered' },
    ]);
    expect(await book.rows(raw, 'from problems')).toEqual([]);
  });

  it('follows the grace: an open lapse is former, or lapsed with its value kept; on the edge by its setting', async () => {
    // ended 2026-01-30: on 1 March 30 days lie behind
    const raw = customer('1', { ...over, end: '2026-01-31' });
    const status = async (rules: Record<string, unknown>): Promise<unknown[]> => {
      const row = await accountOf(book, raw, { book: rules });
      return [row['status'], row['home_mrr']];
    };
    expect(await status({})).toEqual(['former', null]);
    expect(await status({ open_lapse: 'keep' })).toEqual(['lapsed', '100.0000']);
    expect(await status({ open_lapse: 'keep', grace_edge: 'exclusive' })).toEqual(['former', null]);
    expect(await status({ open_lapse: 'keep', grace_days: 29 })).toEqual(['former', null]);
  });

  it('a free plan after paying is churn, or a customer of value 0', async () => {
    const raw = customer('1', over, { start: '2026-02-10', mrr: '0', term: '12' });
    expect(await accountOf(book, raw)).toMatchObject({ status: 'former', served_to: '2026-02-10' });
    expect(await movementsOf(book, raw)).toEqual(['1 2025-01-01 new 100', '1 2026-02-10 churn -100']);
    const active = { book: { paid_to_free_house: 'active' } };
    expect(await accountOf(book, raw, active)).toMatchObject({ status: 'customer', home_mrr: '0.0000' });
    expect(await movementsOf(book, raw, active)).toEqual([
      '1 2025-01-01 new 100',
      '1 2026-02-10 contraction -100',
    ]);
  });

  it('a pause is a customer of value 0, churn, or nothing; the last day of the pause is paused', async () => {
    const raw = customer('1', { ...year, paused_from: '2026-02-01', paused_to: '2026-03-01' });
    const say = async (pause: string, today: string): Promise<unknown[]> => {
      const row = await accountOf(book, raw, { book: { pause }, today });
      return [row['status'], row['home_mrr']];
    };
    expect(await say('own_line', '2026-03-01')).toEqual(['customer', '0.0000']);
    expect(await say('own_line', '2026-03-02')).toEqual(['customer', '100.0000']);
    expect(await say('churn', '2026-03-01')).toEqual(['former', null]);
    expect(await say('keep', '2026-03-01')).toEqual(['customer', '100.0000']);
  });

  it('a pause of the company ends with its last day, an imported one as the ends of the file do', async () => {
    const paused = together(
      company('1', { paused_from: '2025-08-01', paused_to: '2025-08-31' }),
      deal('10', '1', year),
    );
    const [row] = await book.rows(paused, 'select paused_from, paused_to from contracts');
    expect(row).toEqual({ paused_from: '2025-08-01', paused_to: '2025-09-01' });
    const file = together(
      imported('accounts', 'A', { account_id: 'A' }),
      imported('contracts', '1', {
        account_id: 'A',
        start_date: '2025-06-01',
        mrr: '100',
        paused_from: '2025-08-01',
        paused_to: '2025-08-31',
      }),
    );
    const to = async (end_day: string): Promise<unknown> =>
      (await book.rows(file, 'select paused_to from contracts', { book: { end_day } }))[0]?.['paused_to'];
    expect([await to('exclusive'), await to('inclusive')]).toEqual(['2025-08-31', '2025-09-01']);
  });

  it('discount rows are netted, or left out', async () => {
    const raw = customer('1', year, { ...year, mrr: '-100' });
    expect(await accountOf(book, raw)).toMatchObject({ status: 'free', home_mrr: null });
    const ignore = { book: { negative_rows: 'ignore' } };
    expect(await accountOf(book, raw, ignore)).toMatchObject({ status: 'customer', home_mrr: '100.0000' });
  });

  it('the cause is that of the row that ended last, also where a later one began after it', async () => {
    const raw = customer(
      '1',
      { start: '2024-01-01', end: '2026-02-01', mrr: '100', churn_kind: 'voluntary', churn_reason: 'price' },
      { start: '2025-01-01', end: '2025-07-01', mrr: '20', churn_kind: 'involuntary', churn_reason: 'card' },
    );
    expect(await accountOf(book, raw)).toMatchObject({
      status: 'former',
      churn_kind: 'voluntary',
      churn_reason: 'price',
    });
  });

  it('as_of reads accounts and movements of another day', async () => {
    const raw = customer('1', over);
    const then = { book: { as_of: '2026-02-09' } };
    expect(await accountOf(book, raw, then)).toMatchObject({ status: 'customer', home_mrr: '100.0000' });
    expect(await movementsOf(book, raw, then)).toEqual(['1 2025-01-01 new 100']);
  });
});

describe('merges and parents', () => {
  const winner = company('1', { hs_merged_object_ids: '2' });
  const contracts = together(
    deal('10', '1', year),
    deal('11', '2', { ...year, start: '2025-08-01', mrr: '40' }),
  );
  /** HubSpot has led the links to the survivor; the mirror saw them before. */
  const merged: Raw = {
    records: [
      ...winner.records,
      ...contracts.records,
      { type: 'companies', id: '2', properties: { name: 'Lost by merge' }, knownTo: '2026-02-01T00:00:00Z' },
    ],
    links: [
      { from: ['deals', '10'], to: ['companies', '1'], typeId: 5 },
      { from: ['deals', '11'], to: ['companies', '1'], typeId: 5 },
      { from: ['deals', '11'], to: ['companies', '2'], typeId: 5, knownTo: '2026-02-01T00:00:00Z' },
    ],
  };

  it('contracts of a merged-away company belong to the survivor for all time', async () => {
    for (const raw of [merged, together(winner, contracts)]) {
      expect(await movementsOf(book, raw)).toEqual(['1 2025-06-01 new 100', '1 2025-08-01 expansion 40']);
      expect(await book.rows(raw, 'select account_id, home_mrr from accounts')).toEqual([
        { account_id: '1', home_mrr: '140.0000' },
      ]);
    }
  });

  it('or stay apart, as far as it was seen whose they were', async () => {
    const separate = { book: { merged: 'separate' } };
    expect(await movementsOf(book, merged, separate)).toEqual([
      '1 2025-06-01 new 100',
      '2 2025-08-01 new 40',
    ]);
    expect(
      await book.rows(merged, 'select account_id, name, status from accounts order by account_id', separate),
    ).toEqual([
      { account_id: '1', name: 'Company 1', status: 'customer' },
      { account_id: '2', name: 'Lost by merge', status: 'customer' },
    ]);
  });

  const family: Raw = together(
    customer('1', { start: '2025-01-01', end: '2025-10-01', mrr: '100' }),
    customer('2', { start: '2025-10-01', mrr: '90', term: '24' }),
    customer('3', year),
    company('4'),
    {
      records: [],
      links: [
        { from: ['companies', '1'], to: ['companies', '4'], typeId: 14 },
        { from: ['companies', '4'], to: ['companies', '2'], typeId: 13 },
        // in a circle: both stand for themselves
        { from: ['companies', '3'], to: ['companies', '5'], typeId: 14 },
        { from: ['companies', '5'], to: ['companies', '3'], typeId: 14 },
      ],
    },
    company('5'),
  );

  it('with the parent as unit, the companies below one parent are one account', async () => {
    const parent = { book: { unit: 'parent' } };
    expect(await movementsOf(book, family, parent)).toEqual([
      '3 2025-06-01 new 100',
      '4 2025-01-01 new 100',
      '4 2025-10-01 contraction -10',
    ]);
    expect(
      await book.rows(
        family,
        'select account_id, status, home_mrr, contracts from accounts order by account_id',
        parent,
      ),
    ).toEqual([
      { account_id: '3', status: 'customer', home_mrr: '100.0000', contracts: 1 },
      { account_id: '4', status: 'customer', home_mrr: '90.0000', contracts: 2 },
    ]);
  });

  it('each account stands for itself otherwise', async () => {
    const rows = await book.rows(family, 'select account_id, status from accounts order by account_id');
    expect(rows.map((row: Row) => `${String(row['account_id'])} ${String(row['status'])}`)).toEqual([
      '1 former',
      '2 customer',
      '3 customer',
    ]);
  });

  it('imported accounts name their parent', async () => {
    const raw = together(
      imported('accounts', 'A', { account_id: 'A', parent_id: 'C' }),
      imported('accounts', 'B', { account_id: 'B', parent_id: 'A' }),
      imported('accounts', 'C', { account_id: 'C' }),
      imported('contracts', '1', { account_id: 'B', start_date: '2025-01-01', mrr: '50' }),
    );
    expect(await movementsOf(book, raw, { book: { unit: 'parent' } })).toEqual([
      'accounts.csv:C 2025-01-01 new 50',
    ]);
  });
});

describe('currencies', () => {
  const raw = together(
    company('1'),
    deal('10', '1', { ...year, currency: 'USD', rate: '0.7' }),
    deal('11', '1', { ...year, start: '2025-09-01', currency: 'USD' }),
  );
  const table = {
    fx: [
      { from: 'USD', to: 'EUR', date: '2025-01-01', rate: 0.8 },
      { from: 'USD', to: 'EUR', date: '2025-08-01', rate: 0.9 },
      { from: 'USD', to: 'EUR', date: '2026-06-01', rate: 0.5 },
    ],
  };
  const rates = async (rules: Record<string, unknown>, mapping = {}): Promise<string[]> =>
    (
      await book.rows(raw, 'select fx_rate, fx_source, home_mrr from contracts order by contract_id', {
        book: rules,
        mapping,
      })
    ).map((row) => `${Number(row['fx_rate'])} ${String(row['fx_source'])} ${Number(row['home_mrr'])}`);

  it('one rate for everything: the table’s of the fixed day, or of today', async () => {
    expect(await rates({}, table)).toEqual(['0.9 mapping 90', '0.9 mapping 90']);
    expect(await rates({ fixed_fx_date: '2025-07-31' }, table)).toEqual(['0.8 mapping 80', '0.8 mapping 80']);
  });

  it('or each contract’s own: the deal’s, then the table’s of its start', async () => {
    expect(await rates({ fixed_fx: 'contract_start' }, table)).toEqual(['0.7 deal 70', '0.9 mapping 90']);
  });

  it('without a table the latest rate a deal carries; an imported table goes before deals too', async () => {
    expect(await rates({})).toEqual(['0.7 latest deal 70', '0.7 latest deal 70']);
    const file = together(
      raw,
      imported('fx', '1', { from: 'USD', to: 'EUR', date: '2025-01-01', rate: '0.6' }),
    );
    const rows = await book.rows(file, 'select distinct fx_rate, fx_source from contracts');
    expect(rows).toEqual([{ fx_rate: '0.60000000', fx_source: 'import' }]);
  });

  it('without any the amount stays in its currency, out of sums, and is listed', async () => {
    const odd = together(
      company('1'),
      deal('10', '1', year),
      deal('11', '1', { ...year, start: '2025-09-01', currency: 'XXB' }),
    );
    expect(await contractsOf(book, odd)).toEqual([
      '10: 2025-06-01 to 2026-06-01, 100 EUR',
      '11: 2025-09-01 to 2026-06-01, 100 XXB (home unknown)',
    ]);
    expect(await accountOf(book, odd)).toMatchObject({
      status: 'customer',
      home_mrr: '100.0000',
      currency: null,
    });
    expect(await book.rows(odd, `select record_id from problems where problem = 'missing_rate'`)).toEqual([
      { record_id: '11' },
    ]);
  });
});

describe('evidence that an account left', () => {
  const raw = together(
    imported('accounts', 'A', { account_id: 'A', churn_flag: 'true', churn_date: '2025-09-01' }),
    imported('contracts', '1', { account_id: 'A', start_date: '2025-01-01', mrr: '50' }),
    imported('events', '1', { account_id: 'A', date: '2025-07-01', type: 'churn' }),
    imported('events', '2', { account_id: 'A', date: '2025-08-01', type: 'churn' }),
  );
  const by = (churn_source: string): Promise<Row> =>
    accountOf(book, raw, { book: { churn_source } }, 'accounts.csv:A');

  it('contracts decide; events and flags stand beside them', async () => {
    expect(await by('contracts')).toMatchObject({
      status: 'customer',
      churn_source: 'contracts',
      is_flagged_lost: true,
      recorded_churn_date: '2025-09-01',
      last_churn_event: '2025-08-01',
    });
  });

  it('or the first event after the start, or the flag’s day, as the book says and every row prints', async () => {
    expect(await by('events')).toMatchObject({
      status: 'former',
      served_to: '2025-07-01',
      churn_source: 'events',
    });
    expect(await by('flag')).toMatchObject({
      status: 'former',
      served_to: '2025-09-01',
      churn_source: 'flag',
    });
    const [row] = await book.rows(raw, `select rules ->> 'service_end' as rule from contracts`, {
      book: { churn_source: 'events' },
    });
    expect(row).toEqual({ rule: 'churn event' });
  });

  it('how or why an account left without a day is a problem', async () => {
    const rows = await book.rows(
      together(company('1', { churn_reason: 'price' }), deal('10', '1', over)),
      `select problem, evidence from problems where problem = 'flag_without_date'`,
    );
    expect(rows).toEqual([
      { problem: 'flag_without_date', evidence: 'churn reason price, but no churn date' },
    ]);
  });
});

describe('records that disagree', () => {
  it('in value, currency, begin or end, and a deal with its own line items', async () => {
    const raw = together(
      company('1', { contract_start: '2025-01-01', end: '2026-12-01', mrr: '50', currency: 'EUR' }),
      deal('10', '1', year),
      company('2', { contract_start: '2025-06-01', end: '2026-06-01', mrr: '100', currency: 'USD' }),
      deal('11', '2', year),
      {
        records: [{ type: 'line_items', id: '30', properties: { ...year, mrr: '70', currency: 'EUR' } }],
        links: [{ from: ['line_items', '30'], to: ['deals', '11'], typeId: 20 }],
      },
    );
    const mapping = { contracts: { order: ['deals', 'companies'] } };
    const rows = await book.rows(
      raw,
      `select account_id, record_type, evidence from problems where problem = 'sources_disagree' order by all`,
      { mapping },
    );
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      '1 companies deals begin on 2025-06-01, the company record says 2025-01-01',
      '1 companies deals end on 2026-06-01, the company record says 2026-12-01',
      '1 companies deals say 100.00 a month, the company record 50.00',
      '2 companies deals are in EUR, the company record in USD',
      '2 deals the deal says 100.00 a month, its line items 70.00',
    ]);
  });
});
