import type { Contract, Rules } from '../movements/book.ts';
import { money, toDate, type Units } from '../movements/oracle-units.ts';
import type { Measure, Switches } from '../../../src/core/reports/conventions.ts';
import { walkAccounts, type AccountDay, type AccountWalk } from './oracle-days.ts';

/** A month's figure of a measure; money in ten-thousandths. */
export interface OracleFigure {
  value: number | null;
  numerator: number;
  denominator: number;
}

interface Part {
  numerator: Units;
  denominator: Units;
}

const ABSENT: AccountDay = {
  mode: 'none',
  value: 0n,
  kind: null,
  lost: 0n,
  gained: 0n,
  change: 0n,
  revalued: 0n,
};

/**
 * A measure of a month under a set of switches, by looking at every account on every day: slow and plain, written from the counting rules and
 * the table of conventions and not from the SQL.
 */
export function oracleChurn(
  contracts: readonly Contract[],
  book: Rules,
  today: string,
  measure: Measure,
  switches: Switches,
  month: string,
): OracleFigure {
  const walks = walkAccounts(contracts, switches, book, today);
  const windows = spansOf(switches.clock, month);
  const sums = windows.map(([opens, closes]) => {
    const sum = { numerator: 0n, denominator: 0n };
    for (const [account, walk] of walks) {
      if (switches.annual === 'apart' && isAnnual(contracts, account, opens, closes)) continue;
      const part = partOf(walk, opens, closes, measure, switches);
      sum.numerator += part.numerator;
      sum.denominator += part.denominator;
    }
    return sum;
  });
  const numerator = sums.reduce((all, sum) => all + Number(sum.numerator), 0);
  const denominator = sums.reduce((all, sum) => all + Number(sum.denominator), 0) / windows.length;
  const daily = sums
    .filter((sum) => sum.denominator !== 0n)
    .reduce((all, sum) => all + Number(sum.numerator) / Number(sum.denominator), 0);
  const value = switches.clock === 'daily' ? daily : numerator / denominator;
  return { value: denominator === 0 ? null : value, numerator, denominator };
}

/** From the close of one day to the close of another. */
function spansOf(clock: Switches['clock'], month: string): [opens: number, closes: number][] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const before = Date.UTC(year, number - 1, 0) / 86_400_000;
  const last = Date.UTC(year, number, 0) / 86_400_000;
  if (clock === 'month') return [[before, last]];
  if (clock === 'rolling_30') return [[last - 30, last]];
  // the close of the same month a year ago
  if (clock === 'trailing_year') return [[Date.UTC(year - 1, number, 0) / 86_400_000, last]];
  return Array.from({ length: last - before }, (_, n) => [before + n, before + n + 1]);
}

function onDay(walk: AccountWalk, day: number): AccountDay {
  return (
    walk.days[day - walk.first] ??
    (day < walk.first
      ? ABSENT
      : { ...(walk.days.at(-1) ?? ABSENT), kind: null, lost: 0n, gained: 0n, change: 0n, revalued: 0n })
  );
}

function partOf(
  walk: AccountWalk,
  opens: number,
  closes: number,
  measure: Measure,
  switches: Switches,
): Part {
  const nothing = { numerator: 0n, denominator: 0n };
  const opening = onDay(walk, opens);
  const days = Array.from({ length: closes - opens }, (_, n) => onDay(walk, opens + 1 + n));
  const closing = days.at(-1) ?? opening;
  // Paused at the close: in neither numerator nor denominator.
  if (closing.mode === 'paused') return nothing;
  const isCustomer = opening.mode === 'paid' || opening.mode === 'free';
  const isNew = days.some(({ kind }) => kind === 'new');
  const counts =
    switches.joiner_leaver === 'cohort'
      ? isCustomer
      : switches.joiner_leaver === 'first_time'
        ? !isNew
        : true;
  const hasNew = switches.denominator === 'start_plus_new';
  if (measure === 'customer_churn') {
    const denominator = BigInt(isCustomer) + BigInt(hasNew && isNew);
    return { numerator: counts ? BigInt(timesLost(days, closing, switches)) : 0n, denominator };
  }
  if (opening.value === null || days.some(({ value }) => value === null)) return nothing;
  const added = days.reduce((sum, { kind, gained }) => (kind === 'new' ? sum + gained : sum), 0n);
  const denominator = (isCustomer ? opening.value : 0n) + (hasNew ? added : 0n);
  if (!counts) return { numerator: 0n, denominator };
  const numerator =
    switches.contraction === 'netted' && isCustomer
      ? nettedLoss(opening.value, days, closing, measure, switches)
      : datedLoss(days, closing, measure, switches);
  return { numerator, denominator };
}

function comesBack({ returner }: Switches): boolean {
  return returner === 'grace' || returner === 'period';
}

function timesLost(days: readonly AccountDay[], closing: AccountDay, switches: Switches): number {
  const losses = days.filter(({ kind }) => kind === 'churn').length;
  if (comesBack(switches)) return closing.mode === 'none' && losses > 0 ? 1 : 0;
  return switches.returner === 'once' ? Math.min(losses, 1) : losses;
}

/** Two days compared, at the rates of the first. */
function nettedLoss(
  opening: Units,
  days: readonly AccountDay[],
  closing: AccountDay,
  measure: Measure,
  switches: Switches,
): Units {
  const isLost = !comesBack(switches) && days.some(({ kind }) => kind === 'churn');
  const revalued = days.reduce((sum, day) => sum + day.revalued, 0n);
  const atOldRates = (closing.value ?? 0n) - revalued;
  const kept = isLost || closing.mode === 'none' || atOldRates < 0n ? 0n : atOldRates;
  const less = opening - kept;
  return measure === 'gross_revenue_churn' && less < 0n ? 0n : less;
}

/** Movement by movement. */
function datedLoss(
  days: readonly AccountDay[],
  closing: AccountDay,
  measure: Measure,
  switches: Switches,
): Units {
  let [lost, smaller, larger, back, tookBack] = [0n, 0n, 0n, 0n, 0n];
  let hasLeft = false;
  for (const { kind, lost: gone, gained, change } of days) {
    if (kind === 'churn') {
      lost += gone;
      hasLeft = true;
    } else if (kind === 'reactivation') {
      back += gained;
      if (hasLeft) tookBack += gained;
    } else if (change < 0n) smaller -= change;
    else larger += change;
  }
  const left = ((): Units => {
    if (!comesBack(switches)) return lost;
    if (closing.mode !== 'none' || !hasLeft) return 0n;
    return lost > tookBack ? lost - tookBack : 0n;
  })();
  const gross = left + (switches.contraction === 'each' ? smaller : 0n);
  if (measure === 'gross_revenue_churn') return gross;
  const more = switches.contraction === 'netted' ? 0n : larger;
  const returned = comesBack(switches) ? back - tookBack : back;
  return gross - more - (switches.reactivation === 'netted' ? returned : 0n);
}

/** On a yearly plan on the day a window opens or, without any plan then, begun with one in it. */
function isAnnual(contracts: readonly Contract[], account: string, opens: number, closes: number): boolean {
  const paying = contracts.filter(
    (row) =>
      row.account_id === account &&
      !row.is_trial &&
      money(row.mrr) > 0n &&
      (row.service_end_date === null || row.start_date < row.service_end_date),
  );
  const from = paying.filter(
    (row) =>
      row.start_date <= toDate(opens) &&
      (row.service_end_date === null || row.service_end_date > toDate(opens)),
  );
  const begun = paying.filter((row) => row.start_date > toDate(opens) && row.start_date <= toDate(closes));
  return (from.length > 0 ? from : begun).some((row) => (row.term_months ?? 0) >= 12);
}
