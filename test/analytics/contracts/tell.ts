import type { Raw, RawBook, RawOptions, Row } from '../support/raw-book.ts';

const number = (value: unknown): string => (value === null ? 'unknown' : String(Number(value)));

/** Contracts as sentences: `d1: 2025-01-01 to 2026-01-01, 100 EUR, then d2`. Home values only where they differ. */
export async function contractsOf(book: RawBook, raw: Raw, options?: RawOptions): Promise<string[]> {
  const rows = await book.rows(raw, 'from contracts order by start_date, contract_id', options);
  return rows.map((row) => {
    const id = (value: unknown): string => String(value).split(':').slice(1).join(':');
    const home = number(row['home_mrr']) === number(row['mrr']) ? '' : ` (home ${number(row['home_mrr'])})`;
    const next = row['replaced_by'] === null ? '' : `, then ${id(row['replaced_by'])}`;
    const served = row['service_end_date'];
    const end = typeof served === 'string' ? `to ${served}` : 'on';
    return `${id(row['contract_id'])}: ${String(row['start_date'])} ${end}, ${number(row['mrr'])} ${String(row['currency'])}${home}${next}`;
  });
}

/** Movements as sentences: `1 2025-01-01 new 100`. */
export async function movementsOf(book: RawBook, raw: Raw, options?: RawOptions): Promise<string[]> {
  const rows = await book.rows(raw, 'from movements order by account_id, day, currency, kind', options);
  return rows.map(
    (row) =>
      `${String(row['account_id'])} ${String(row['day'])} ${String(row['kind'])} ${number(row['amount'])}${row['is_lapse'] === true ? ' out of a lapse' : ''}`,
  );
}

/** The account's row; a case has one account unless it says which. */
export async function accountOf(book: RawBook, raw: Raw, options?: RawOptions, id = '1'): Promise<Row> {
  const rows = await book.rows(raw, `from accounts where account_id = '${id}'`, options);
  return rows[0] ?? {};
}
