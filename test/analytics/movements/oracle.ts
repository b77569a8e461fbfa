import type { Contract, Movement, Rules } from './book.ts';
import { dayNumber, money, text, toDate, type Units } from './oracle-units.ts';
import { changeLines, type Values } from './oracle-changes.ts';
import { planDays, type PlanDay, type Term } from './oracle-plans.ts';

type Mode = 'none' | 'paid' | 'free' | 'paused';

/** What is remembered of an account from day to day. `values` is what it pays, or, while it is paused, what it paid before. */
interface State {
  mode: Mode;
  values: Values;
  everPaid: boolean;
}

/**
 * The movements of a book, day by day: slow and plain, written from the counting rules and not from the SQL. Every account is walked from its
 * first day to the horizon; each day is looked at as a whole and compared with what was remembered of the day before.
 */
export function oracleMovements(contracts: readonly Contract[], rules: Rules, today: string): Movement[] {
  const horizon = dayNumber(rules.as_of ?? today);
  const accounts = Map.groupBy(contracts, (row) => row.account_id);
  return [...accounts]
    .flatMap(([account, rows]) => movementsOf(account, rows, rules, horizon))
    .toSorted(byPlace);
}

/** What each account pays in each currency at the close of each day, summed over the accounts: `day currency` and the amount. */
export function oracleTotals(
  contracts: readonly Contract[],
  rules: Rules,
  today: string,
): Map<string, Units> {
  const horizon = dayNumber(rules.as_of ?? today);
  const totals = new Map<string, Units>();
  for (const rows of Map.groupBy(contracts, (row) => row.account_id).values()) {
    for (const { day, state } of walk(rows, rules, horizon)) {
      for (const currency of state.values.keys()) {
        const key = `${toDate(day)} ${currency}`;
        totals.set(key, (totals.get(key) ?? 0n) + paidNow(state, currency));
      }
    }
  }
  return totals;
}

/** An account on the day before and on a day, in the portal's currency; `held` is what it pays or what rests, null without a rate. */
export interface AccountTurn {
  day: number;
  before: { mode: Mode; held: Units | null; everPaid: boolean };
  after: { mode: Mode; held: Units | null; everPaid: boolean };
  /** the part of the change that is a rate or another currency; null without a rate */
  currency: Units | null;
}

/** An account of these contracts on every day from its first to the horizon. */
export function accountDays(rows: readonly Contract[], rules: Rules, horizon: number): AccountTurn[] {
  return walk(rows, rules, horizon).map(({ day, before, state, currencies }) => {
    const lines = dayLines(before, state, rules, currencies).filter(({ kind }) => kind === 'currency');
    const told = ({ mode, values, everPaid }: State): AccountTurn['before'] => ({
      mode,
      held: sumOf([...values.values()].map(({ home }) => home)),
      everPaid,
    });
    return {
      day,
      before: told(before),
      after: told(state),
      currency: sumOf(lines.map(({ home }) => home)),
    };
  });
}

/** What an account is at the close of a day, and pays a month then in the book's currency; null without a rate. */
export interface AccountDay {
  day: number;
  mode: Mode;
  value: Units | null;
}

/** Every day of an account from the start of its first contract to the horizon. */
export function oracleDays(rows: readonly Contract[], rules: Rules, today: string): AccountDay[] {
  return walk(rows, rules, dayNumber(rules.as_of ?? today)).map(({ day, state: { mode, values } }) => {
    const homes = mode === 'paid' ? [...values.values()].map(({ home }) => home) : [];
    return {
      day,
      mode,
      value: homes.reduce((sum, home) => (sum === null || home === null ? null : sum + home), 0n),
    };
  });
}

function sumOf(amounts: readonly (Units | null)[]): Units | null {
  return amounts.reduce((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0n);
}

function movementsOf(account: string, rows: readonly Contract[], rules: Rules, horizon: number): Movement[] {
  return walk(rows, rules, horizon).flatMap(({ day, before, state, currencies, ids, wasLapse }) =>
    dayLines(before, state, rules, currencies).map((line) => ({
      account_id: account,
      day: toDate(day),
      month: `${toDate(day).slice(0, 7)}-01`,
      kind: line.kind,
      currency: line.currency,
      amount: text(line.amount),
      home_amount: line.home === null ? null : text(line.home),
      opening: text(paidNow(before, line.currency)),
      closing: text(paidNow(state, line.currency)),
      contract_ids: ids,
      is_lapse: wasLapse,
    })),
  );
}

interface Day {
  day: number;
  before: State;
  state: State;
  currencies: string[];
  ids: string[];
  wasLapse: boolean;
}

function walk(rows: readonly Contract[], rules: Rules, horizon: number): Day[] {
  const terms = countedTerms(rows, rules, horizon);
  if (terms.length === 0) return [];
  const currencies = [...new Set(terms.map((term) => term.currency))].toSorted();
  const plans = [...Map.groupBy(terms, (term) => term.plan).values()];
  const first = Math.min(...terms.map((term) => term.start));
  const planned = plans.map((plan) => planDays(plan, rules, first, horizon));
  const days: Day[] = [];
  let before: State = { mode: 'none', values: zeros(currencies), everPaid: false };
  let wasLapse = false;
  for (let day = first; day <= horizon; day += 1) {
    const today = planned.map((plan) => plan[day - first]).filter((plan) => plan !== undefined);
    const state = stateOf(today, before, rules, currencies);
    const ids = [...new Set(today.flatMap((plan) => plan.changed))].toSorted();
    days.push({ day, before, state, currencies, ids, wasLapse });
    before = state;
    wasLapse = today.some((plan) => plan.isLapse);
  }
  return days;
}

function countedTerms(rows: readonly Contract[], rules: Rules, horizon: number): Term[] {
  const counted = rows.filter(
    (row) =>
      !row.is_trial &&
      (rules.negative_rows === 'subtract' || money(row.mrr) >= 0n) &&
      (row.service_end_date === null || row.start_date < row.service_end_date) &&
      dayNumber(row.start_date) <= horizon,
  );
  const isMixed = new Set(counted.map((row) => row.currency)).size > 1;
  return counted.map((row) => {
    const mrr = money(row.mrr);
    const home = row.home_mrr === null ? null : money(row.home_mrr);
    const pauses = rules.pause !== 'keep' && row.paused_from !== null;
    return {
      id: row.contract_id,
      plan: rules.grace_scope === 'contract' ? (row.line ?? '') : '',
      currency: row.currency,
      mrr,
      home,
      worth: isMixed ? (home ?? mrr) : mrr,
      start: dayNumber(row.start_date),
      end: row.service_end_date === null ? Infinity : dayNumber(row.service_end_date),
      pauseStart: pauses && row.paused_from !== null ? dayNumber(row.paused_from) : Infinity,
      pauseEnd: row.paused_to === null ? Infinity : dayNumber(row.paused_to),
    };
  });
}

function stateOf(
  plans: readonly PlanDay[],
  before: State,
  rules: Rules,
  currencies: readonly string[],
): State {
  const running = plans.flatMap((plan) => plan.running);
  const resting = plans.flatMap((plan) => plan.resting);
  const net = running.reduce((sum, term) => sum + term.worth, 0n);
  const rested = resting.reduce((sum, term) => sum + term.worth, 0n);
  const isServed = [...running, ...resting].some((term) => term.mrr >= 0n);
  const wasCustomer = before.mode !== 'none';
  if (net > 0n) return { mode: 'paid', values: valuesOf(running, currencies), everPaid: true };
  const free: State = { mode: 'free', values: zeros(currencies), everPaid: before.everPaid };
  const none: State = { ...free, mode: 'none' };
  if (!isServed || !wasCustomer) return none;
  if (rested > 0n) return rules.pause === 'churn' ? none : { ...before, mode: 'paused' };
  return rules.paid_to_free_house === 'active' ? free : none;
}

function valuesOf(running: readonly Term[], currencies: readonly string[]): Values {
  return new Map(
    currencies.map((currency) => {
      const rows = running.filter((term) => term.currency === currency);
      const isKnown = rows.every((term) => term.home !== null);
      return [
        currency,
        {
          mrr: rows.reduce((sum, term) => sum + term.mrr, 0n),
          home: isKnown ? rows.reduce((sum, term) => sum + (term.home ?? 0n), 0n) : null,
          worth: rows.reduce((sum, term) => sum + term.worth, 0n),
        },
      ];
    }),
  );
}

function zeros(currencies: readonly string[]): Values {
  return new Map(currencies.map((currency) => [currency, { mrr: 0n, home: 0n, worth: 0n }]));
}

function paidNow(state: State, currency: string): Units {
  return state.mode === 'paused' ? 0n : (state.values.get(currency)?.mrr ?? 0n);
}

interface Line {
  kind: string;
  currency: string;
  amount: Units;
  home: Units | null;
}

function dayLines(before: State, after: State, rules: Rules, currencies: readonly string[]): Line[] {
  const lines: Line[] = [];
  const whole = (kind: string, values: Values, sign: bigint): void => {
    for (const [currency, value] of values) {
      const home = value.home === null ? null : sign * value.home;
      lines.push({ kind, currency, amount: sign * value.mrr, home });
    }
  };
  if (before.mode !== 'paused' && after.mode === 'paused') whole('pause', before.values, -1n);
  if (before.mode === 'paused' && after.mode !== 'paused') whole('resume', before.values, 1n);
  if (before.mode === 'none' && after.mode === 'paid') {
    whole(before.everPaid ? 'reactivation' : 'new', after.values, 1n);
  } else if (before.mode !== 'none' && after.mode === 'none') {
    whole('churn', before.values, -1n);
  } else if (after.mode !== 'none' && after.mode !== 'paused') {
    lines.push(...changeLines(before.values, after.values, rules, currencies.length > 1));
  }
  const shown = lines.filter((line) => line.amount !== 0n || (line.home !== null && line.home !== 0n));
  // A customer who paid nothing and leaves is still a customer lost: one line of 0 says so.
  const left = before.mode !== 'none' && after.mode === 'none';
  const hadValue = [...before.values.values()].some((value) => value.mrr !== 0n);
  const [currency] = currencies;
  if (
    left &&
    !hadValue &&
    currency !== undefined &&
    !shown.some((line) => line.kind === 'churn' && line.currency === currency)
  ) {
    shown.push({ kind: 'churn', currency, amount: 0n, home: 0n });
  }
  return shown;
}

function byPlace(a: Movement, b: Movement): number {
  const key = (row: Movement): string => [row.account_id, row.day, row.currency, row.kind].join('\u0000');
  return key(a) < key(b) ? -1 : 1;
}
