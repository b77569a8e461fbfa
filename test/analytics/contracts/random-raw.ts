import fc from 'fast-check';
import { company, deal, imported, lineItem, subscription, together, type Raw } from '../support/raw-book.ts';

const FIRST = Date.parse('2024-01-01T00:00:00Z');
const day = (shift: number): string => new Date(FIRST + shift * 86_400_000).toISOString().slice(0, 10);

/** A row as it lies after the one before it: gap or overlap, length, how its value is told, and what else it says. */
const Term = fc.record({
  gap: fc.constantFrom(-120, -30, -15, -1, 0, 0, 0, 1, 14, 30, 31, 60),
  length: fc.constantFrom(0, 20, 31, 90, 365, 365, 730, null),
  value: fc.constantFrom<Record<string, string>>(
    { mrr: '100' },
    { mrr: '33.3333' },
    { arr: '1300' },
    { amount: '1200' },
    { mrr: '0' },
    { mrr: '-20' },
    { mrr: '-100' },
    {},
  ),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'XXB', ''),
  line: fc.constantFrom('', 'a', 'a', 'b'),
  kind: fc.constantFrom('new', 'renewal', 'renewal', 'expansion', ''),
  term: fc.constantFrom('', '', '12', 'P6M', '0'),
  auto_renew: fc.constantFrom('', '', 'true', 'false'),
  trial: fc.constantFrom('', '', '', '', 'true'),
  cancelled: fc.option(fc.integer({ min: 1, max: 200 }), { freq: 6 }),
  pause: fc.option(fc.tuple(fc.nat({ max: 100 }), fc.constantFrom(0, 10, 40, null)), { freq: 6 }),
});
type Drawn = typeof Term extends fc.Arbitrary<infer Value> ? Value : never;

const Account = fc.record({
  source: fc.constantFrom('deals', 'deals', 'subscriptions', 'line_items', 'companies', 'import'),
  offset: fc.nat({ max: 500 }),
  terms: fc.array(Term, { minLength: 1, maxLength: 5 }),
  flag: fc.boolean(),
});

/** Books of raw records: companies with what each source holds of their contracts, as HubSpot's properties or a file's columns. */
export const RandomRaw: fc.Arbitrary<Raw> = fc
  .array(Account, { minLength: 20, maxLength: 60 })
  .map((accounts) =>
    together(
      ...accounts.map(({ source, offset, terms, flag }, n) => {
        const id = String(n + 1);
        const rows = rowsOf(offset, terms);
        return together(
          source === 'import'
            ? imported('accounts', id, { account_id: id })
            : companyOf(source, id, flag, rows[0] ?? {}),
          ...rows.map((row, place) => rowOf(source, id, `${id}0${place}`, row)),
        );
      }),
    ),
  );

function rowsOf(offset: number, terms: readonly Drawn[]): Record<string, string>[] {
  let end = offset;
  return terms.map((term) => {
    const pauseDays = term.pause?.[1] ?? null;
    const start = Math.max(0, end + term.gap);
    end = start + (term.length ?? 365);
    const paused = term.pause === null ? null : start + term.pause[0];
    return filled({
      start: day(start),
      end: term.length === null ? '' : day(end),
      ...term.value,
      currency: term.currency,
      line: term.line,
      kind: term.kind,
      term: term.term,
      auto_renew: term.auto_renew,
      trial: term.trial,
      service_end: term.cancelled === null ? '' : day(start + term.cancelled),
      paused_from: paused === null ? '' : day(paused),
      paused_to: paused === null || pauseDays === null ? '' : day(paused + pauseDays),
    });
  });
}

function companyOf(source: string, id: string, flag: boolean, row: Record<string, string>): Raw {
  const { start, ...rest } = row;
  const own = source === 'companies' ? { ...rest, contract_start: start ?? '' } : {};
  return company(id, filled({ ...own, stage: flag ? 'customer' : '' }));
}

function rowOf(source: string, companyId: string, id: string, row: Record<string, string>): Raw {
  switch (source) {
    case 'deals':
      return deal(id, companyId, row);
    case 'subscriptions':
      return subscription(id, companyId, row);
    case 'line_items':
      return together(deal(id, companyId, { kind: row['kind'] ?? '' }), lineItem(id, id, row));
    case 'import':
      return imported('contracts', id, fileRow(companyId, row));
    default:
      return { records: [], links: [] };
  }
}

/** The columns that an import writes. */
function fileRow(account: string, row: Record<string, string>): Record<string, string> {
  return filled({
    account_id: account,
    start_date: row['start'] ?? '',
    end_date: row['end'] ?? '',
    service_end_date: row['service_end'] ?? '',
    mrr: row['mrr'] ?? '',
    value: row['amount'] ?? '',
    term_months: row['term'] ?? '',
    currency: row['currency'] ?? '',
    line: row['line'] ?? '',
    kind: row['kind'] ?? '',
    auto_renew: row['auto_renew'] ?? '',
    is_trial: row['trial'] ?? '',
    paused_from: row['paused_from'] ?? '',
    paused_to: row['paused_to'] ?? '',
  });
}

function filled(row: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
}

/** The rules of the book that shape contracts, accounts and movements. */
export const RandomRules = fc.record({
  as_of: fc.constantFrom(null, '2025-02-11', '2025-10-01'),
  grace_days: fc.constantFrom(30, 30, 3, 0),
  grace_edge: fc.constantFrom('inclusive', 'exclusive'),
  grace_scope: fc.constantFrom('account', 'contract'),
  open_lapse: fc.constantFrom('churn', 'keep'),
  paid_to_free_house: fc.constantFrom('churn', 'active'),
  pause: fc.constantFrom('own_line', 'own_line', 'churn', 'keep'),
  negative_rows: fc.constantFrom('subtract', 'ignore'),
  fixed_fx: fc.constantFrom('settings_date', 'contract_start'),
  missing_service_end: fc.constantFrom('end_date_unless_auto_renew', 'open'),
  end_day: fc.constantFrom('exclusive', 'inclusive'),
  merged: fc.constantFrom('fold_history', 'separate'),
} as const);
