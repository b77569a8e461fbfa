import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  company,
  deal,
  lineItem,
  openRawBook,
  subscription,
  together,
  type Raw,
  type RawBook,
} from '../support/raw-book.ts';

let book: RawBook;
beforeAll(async () => {
  book = await openRawBook();
});
afterAll(() => book.close());

const acme = company('1', { stage: 'customer' });
const SOUND = { start: '2025-01-01', end: '2027-01-01', amount: '2400' };

async function found(...parts: readonly Raw[]): Promise<string[]> {
  const rows = await book.rows(
    together(...parts),
    `select account_id, record_type, record_id, evidence from problems where problem = 'unreadable_value' order by record_id, evidence`,
  );
  return rows.map((row) => Object.values(row).join(' | '));
}

describe('a text where the mapping reads a number or a date', () => {
  it('is listed as it was found, beside its account and record, and with what is made of it', async () => {
    expect(await found(acme, deal('10', '1', { ...SOUND, amount: 'N/A' }))).toEqual([
      '1 | deals | 10 | amount is "N/A", which is no amount: it counts as missing',
    ]);
    const [row] = await book.rows(
      together(acme, deal('10', '1', { ...SOUND, amount: 'N/A', mrr: '100' })),
      'select mrr from contracts',
    );
    expect(row, 'the typed values beside it go on').toEqual({ mrr: '100.0000' });
  });

  it.each([
    ['start', '01/02/2025', 'date'],
    ['paused_to', 'soon', 'date'],
    ['arr', '1,200.50', 'amount'],
    ['notice_days', 'thirty', 'whole number'],
    ['term', 'a year', 'number of months'],
    ['rate', '-', 'rate'],
  ])('is found in %s, whatever it is: %s is no %s', async (property, value, reads) => {
    expect(await found(acme, deal('10', '1', { ...SOUND, [property]: value }))).toEqual([
      `1 | deals | 10 | ${property} is "${value}", which is no ${reads}: it counts as missing`,
    ]);
  });

  it('is found on every kind of record that makes contracts, and on the company', async () => {
    expect(
      await found(
        company('1', { stage: 'customer', notice_days: 'ask', contract_start: 'tbd' }),
        deal('10', '1', SOUND),
        lineItem('20', '10', { ...SOUND, frequency: 'now and then' }),
        subscription('30', '1', { ...SOUND, mrr: '?' }),
      ),
    ).toEqual([
      '1 | companies | 1 | contract_start is "tbd", which is no date: it counts as missing',
      '1 | companies | 1 | notice_days is "ask", which is no whole number: it counts as missing',
      '1 | line_items | 20 | frequency is "now and then", which is no billing period: it counts as missing',
      '1 | subscriptions | 30 | mrr is "?", which is no amount: it counts as missing',
    ]);
  });

  it('is found in answers and invoices too, also where they lead to no account', async () => {
    const answer = (id: string): Raw => ({
      records: [{ type: 'feedback_submissions', id, properties: { hs_value: 'ten' } }],
      links: [],
    });
    const invoice: Raw = {
      records: [{ type: 'invoices', id: '50', properties: { hs_due_date: 'at once' } }],
      links: [{ from: ['invoices', '50'], to: ['companies', '1'], typeId: 180 }],
    };
    expect(await found(acme, deal('10', '1', SOUND), answer('40'), invoice)).toEqual([
      ' | feedback_submissions | 40 | hs_value is "ten", which is no number: it counts as missing',
      '1 | invoices | 50 | hs_due_date is "at once", which is no date: it counts as missing',
    ]);
  });

  it('is not looked for where nothing is made of the record, in empty values, or in what the mapping does not read', async () => {
    expect(
      await found(
        acme,
        deal('10', '1', { ...SOUND, won: 'false', amount: 'N/A' }),
        deal('11', '1', { ...SOUND, arr: '', note: 'N/A', line: 'N/A' }),
        company('2', { churn_date: 'never' }),
      ),
    ).toEqual([]);
  });

  it('is cut where it is long', async () => {
    const [row] = await found(acme, deal('10', '1', { ...SOUND, amount: 'x'.repeat(500) }));
    expect(row).toBe(
      `1 | deals | 10 | amount is "${'x'.repeat(60)}…", which is no amount: it counts as missing`,
    );
  });
});
