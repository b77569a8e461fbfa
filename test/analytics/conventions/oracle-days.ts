import type { Contract, Rules } from '../movements/book.ts';
import { accountDays } from '../movements/oracle.ts';
import { dayNumber, money, type Units } from '../movements/oracle-units.ts';
import type { Switches } from '../../../src/core/reports/conventions.ts';

/** An account at the close of a day, and what happened on it, in the portal's currency; null where a rate is missing. */
export interface AccountDay {
  mode: 'none' | 'paid' | 'free' | 'paused';
  value: Units | null;
  kind: 'new' | 'reactivation' | 'churn' | 'stays' | null;
  lost: Units;
  gained: Units;
  /** the change of who stays, without that of rates */
  change: Units;
  revalued: Units;
}

/** One account from its first day to the horizon, as a set of switches reads contracts. */
export interface AccountWalk {
  first: number;
  days: AccountDay[];
}

/** The rules of the book, with those that a set of switches puts in their place. */
export function rulesFor(switches: Pick<Switches, 'returner' | 'free'>, book: Rules): Rules {
  const vendor = { grace_days: 0, open_lapse: 'churn' as const };
  return { ...book, ...(switches.returner === 'grace' ? {} : vendor), paid_to_free_house: switches.free };
}

/** Every account of a book, walked from day to day. */
export function walkAccounts(
  contracts: readonly Contract[],
  switches: Pick<Switches, 'moment' | 'returner' | 'free'>,
  book: Rules,
  today: string,
): Map<string, AccountWalk> {
  const rules = rulesFor(switches, book);
  const horizon = dayNumber(book.as_of ?? today);
  const walks = new Map<string, AccountWalk>();
  for (const [account, all] of Map.groupBy(contracts, (row) => row.account_id)) {
    const rows = switches.moment === 'notice' ? all.map((row) => atNotice(row, all, book)) : all;
    const walked = accountDays(rows, rules, horizon);
    const [begin] = walked;
    if (begin === undefined) continue;
    walks.set(account, {
      first: begin.day,
      days: walked.map(({ before, after, currency }) => dayOf(before, after, currency)),
    });
  }
  return walks;
}

/** A contract whose service ends with its notice, unless another one of the account follows it. */
function atNotice(row: Contract, all: readonly Contract[], { grace_days }: Rules): Contract {
  const { notice_date, service_end_date } = row;
  if (notice_date === null) return row;
  if (service_end_date !== null && notice_date >= service_end_date) return row;
  const latest = service_end_date === null ? Infinity : dayNumber(service_end_date) + grace_days;
  const isFollowed = all.some(
    (other) =>
      other.contract_id !== row.contract_id &&
      !other.is_trial &&
      money(other.mrr) > 0n &&
      (other.service_end_date === null || other.start_date < other.service_end_date) &&
      other.start_date > notice_date &&
      dayNumber(other.start_date) <= latest,
  );
  return isFollowed ? row : { ...row, service_end_date: notice_date };
}

interface Standing {
  mode: AccountDay['mode'];
  /** what it pays or, while it is paused, what rests */
  held: Units | null;
  everPaid: boolean;
}

function dayOf(before: Standing, after: Standing, currency: Units | null): AccountDay {
  const value = after.mode === 'paused' && after.held !== null ? 0n : after.held;
  const [old, now] = [before.held ?? 0n, after.held ?? 0n];
  const quiet = { mode: after.mode, value, kind: null, lost: 0n, gained: 0n, change: 0n, revalued: 0n };
  if (before.mode === 'none' && after.mode === 'none') return quiet;
  if (before.mode === 'none')
    return { ...quiet, kind: before.everPaid ? 'reactivation' : 'new', gained: now };
  if (after.mode === 'none') return { ...quiet, kind: 'churn', lost: old };
  if (after.mode === 'paused') return { ...quiet, kind: 'stays' };
  const revalued = currency ?? 0n;
  return { ...quiet, kind: 'stays', change: now - old - revalued, revalued };
}
