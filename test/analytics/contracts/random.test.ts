import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUSE, type Contract, type Movement, type Rules } from '../movements/book.ts';
import { oracleMovements } from '../movements/oracle.ts';
import { dayNumber, money } from '../movements/oracle-units.ts';
import { openRawBook, type RawBook, type Row } from '../support/raw-book.ts';
import { RandomRaw, RandomRules } from './random-raw.ts';

const TODAY = '2026-03-01';
const FX = [{ from: 'USD', to: 'EUR', date: '2020-01-01', rate: 0.915 }];
// A shrunk book would take minutes to find; the message names the account, and the seed brings it back.
const RUNS = { seed: 20260301, numRuns: 10, endOnFailure: true };

let book: RawBook;
beforeAll(async () => {
  book = await openRawBook();
});
afterAll(() => book.close());

it('random books of records: contracts never count twice, movements close, accounts agree with both', async () => {
  const seen = new Set<unknown>();
  await fc.assert(
    fc.asyncProperty(RandomRaw, RandomRules, async (raw, rules) => {
      const options = { today: TODAY, book: rules, mapping: { fx: FX } };
      const [contracts = [], movements = [], accounts = []] = await book.all(
        raw,
        ['from contracts', 'from movements order by account_id, day, currency, kind', 'from accounts'],
        options,
      );
      for (const row of accounts) seen.add(row['status']);
      expectWholeContracts(contracts, rules.grace_days);
      expectSameMovements(movements, contracts, { ...HOUSE, ...rules });
      expectAgreement(accounts, contracts, movements);
    }),
    RUNS,
  );
  // the drill proves something
  expect([...seen].map(String).toSorted()).toEqual(
    ['customer', 'former', 'free', 'future', 'lapsed', 'trial', 'uncovered'].toSorted(),
  );
}, 300_000);

/** One row a record; whoever is replaced serves no day beside the successor. */
function expectWholeContracts(contracts: readonly Row[], grace: number): void {
  const byId = new Map(contracts.map((row) => [row['contract_id'], row]));
  expect(byId.size).toBe(contracts.length);
  for (const row of contracts) {
    if (row['replaced_by'] === null) continue;
    const successor = byId.get(row['replaced_by']);
    expect(successor?.['account_id']).toBe(row['account_id']);
    expect(text(row['service_end_date']) <= text(successor?.['start_date'])).toBe(true);
  }
  for (const list of Map.groupBy(contracts, (row) => row['account_id']).values()) {
    for (const later of list) for (const earlier of list) expectNoDouble(earlier, later, grace);
  }
}

// The rule as the text has it, from the finished rows: on one line, or mapped as renewal without one of its own line before it.
function expectNoDouble(earlier: Row, later: Row, grace: number): void {
  const sameLine = earlier['line'] !== null && earlier['line'] === later['line'];
  const sameSign = Number(earlier['mrr']) < 0 === Number(later['mrr']) < 0;
  const trialAfterPaid = later['is_trial'] === true && earlier['is_trial'] === false;
  if (!sameLine || !sameSign || trialAfterPaid) return;
  const [first, second] = [text(earlier['start_date']), text(later['start_date'])];
  if (first >= second) return;
  // its own end is not in the row once it was cut; where it was not, it is the end that counts
  const end = earlier['service_end_date'];
  if (end === null) {
    // it runs on: then the later one began in the middle of its term
    expect(earlier['end_date']).not.toBeNull();
    expect(dayNumber(second)).toBeLessThan(dayNumber(text(earlier['end_date'])) - grace);
  } else if (text(end) > second) {
    expect(Math.abs(dayNumber(text(end)) - dayNumber(second))).toBeGreaterThan(0);
    expect(Number(earlier['replaced_by'] !== null || dayNumber(text(end)) - dayNumber(second) > grace)).toBe(
      1,
    );
  }
}

/** The movements are those of walking through the days of these contracts, and each month closes. */
function expectSameMovements(rows: readonly Row[], contracts: readonly Row[], rules: Rules): void {
  const told = contracts.map((row) => row as unknown as Contract);
  const plain = rows as unknown as Movement[];
  expect(plain).toEqual(oracleMovements(told, rules, TODAY));
  for (const series of Map.groupBy(plain, (row) => `${row.account_id} ${row.currency}`).values()) {
    let standing = 0n;
    for (const day of Map.groupBy(series, (row) => row.day).values()) {
      expect(money(day[0]?.opening ?? '0')).toBe(standing);
      standing += day.reduce((sum, row) => sum + money(row.amount), 0n);
      expect(money(day.at(-1)?.closing ?? '0')).toBe(standing);
    }
  }
}

/** An account is a customer exactly while its movements have one; its value is what they close at, to the cent. */
function expectAgreement(
  accounts: readonly Row[],
  contracts: readonly Row[],
  movements: readonly Row[],
): void {
  const mine = Map.groupBy(movements, (row) => row['account_id']);
  const covered = new Set(contracts.map((row) => row['account_id']));
  expect(new Set(accounts.map((row) => row['account_id'])).size).toBe(accounts.length);
  expect([...covered].filter((id) => !accounts.some((row) => row['account_id'] === id))).toEqual([]);
  for (const account of accounts) {
    const rows = mine.get(account['account_id']) ?? [];
    const last = rows.filter((row) => row['day'] === rows.at(-1)?.['day']).map((row) => row['kind']);
    const isCustomer = rows.length > 0 && !last.includes('churn');
    const where = `account ${text(account['account_id'])}`;
    expect(['customer', 'lapsed'].includes(text(account['status'])), where).toBe(isCustomer);
    expect(account['status'] === 'former', where).toBe(rows.length > 0 && !isCustomer);
    if (!isCustomer) {
      expect(account['home_mrr'], where).toBeNull();
      continue;
    }
    const known = rows.filter((row) => row['home_amount'] !== null);
    if (known.length < rows.length) continue;
    const closing = known.reduce((sum, row) => sum + money(text(row['home_amount'])), 0n);
    expect(money(text(account['home_mrr'])), where).toBe(closing);
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}
