import type { Movement } from './book.ts';

/** Rows as sentences: `2026-03-01 expansion 20 EUR, 100 to 120, by c2`; home amounts only where they differ from the amount. */
export function told(rows: readonly Movement[]): string[] {
  return rows.map((row) => {
    const home = row.home_amount === row.amount ? '' : ` (home ${short(row.home_amount)})`;
    const lapse = row.is_lapse ? ', out of a lapse' : '';
    const change = `${row.kind} ${short(row.amount)} ${row.currency}${home}`;
    return `${row.day} ${change}, ${short(row.opening)} to ${short(row.closing)}, by ${row.contract_ids.join(' ')}${lapse}`;
  });
}

function short(amount: string | null): string {
  return amount === null ? 'unknown' : String(Number(amount));
}
