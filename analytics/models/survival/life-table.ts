import { DEFAULT_LEVEL, type Interval } from '../intervals/interval.ts';
import { wilson } from '../intervals/wilson.ts';
import { logLogInterval } from './log-log.ts';

/** A renewal that fell due: the account's first is number 1. */
export interface DueRenewal {
  readonly number: number;
  readonly renewed: boolean;
}

export interface LifeTableRow {
  readonly number: number;
  /** Renewals of this number that fell due. May rise with the number: some accounts are first seen at a later one. */
  readonly due: number;
  readonly notRenewed: number;
  /** notRenewed / due; null where none was due. */
  readonly hazard: number | null;
  /** Wilson, of the hazard. */
  readonly interval: Interval | null;
  /**
   * The share that is still there after this renewal, of those who came to the first one of the table (`LifeTable.start`). Null before it, and
   * after a number of which none was due.
   */
  readonly survival: number | null;
  readonly standardError: number | null;
  /** Log-log, of survival. */
  readonly survivalInterval: Interval | null;
}

export interface LifeTable {
  /** The first number with at least `minimumAtRisk` due; null where there is none. */
  readonly start: number | null;
  readonly rows: readonly LifeTableRow[];
}

interface LifeTableOptions {
  readonly level?: number;
  readonly minimumAtRisk?: number;
}

/**
 * The discrete-time life table of contracts that can end only at a renewal: the clock is the number of the renewal, from 1 to the highest that
 * fell due. Delayed entry needs nothing: an account adds the renewals that were seen and no other. Greenwood's standard error. O(n).
 */
export function renewalLifeTable(renewals: Iterable<DueRenewal>, options: LifeTableOptions = {}): LifeTable {
  const counts = countByNumber(renewals);
  const level = options.level ?? DEFAULT_LEVEL;
  const enough = counts.findIndex(({ due }) => due >= Math.max(options.minimumAtRisk ?? 1, 1));
  let survival: number | null = null;
  let greenwood = 0;
  const rows = counts.map(({ due, notRenewed }, k): LifeTableRow => {
    if (k === enough) survival = 1;
    survival = survival === null || due === 0 ? null : (survival * (due - notRenewed)) / due;
    if (survival !== null) greenwood += notRenewed / (due * (due - notRenewed));
    const standardError = survival !== null && survival > 0 ? survival * Math.sqrt(greenwood) : null;
    return {
      number: k + 1,
      due,
      notRenewed,
      hazard: due === 0 ? null : notRenewed / due,
      interval: wilson({ hits: notRenewed, n: due }, level),
      survival,
      standardError,
      survivalInterval: survival === null ? null : logLogInterval(survival, standardError, level),
    };
  });
  return { start: enough < 0 ? null : enough + 1, rows };
}

function countByNumber(renewals: Iterable<DueRenewal>): { due: number; notRenewed: number }[] {
  const counts: { due: number; notRenewed: number }[] = [];
  for (const { number, renewed } of renewals) {
    if (!(Number.isInteger(number) && number >= 1))
      throw new RangeError(`The number of a renewal is a whole number from 1; got ${number}.`);
    while (counts.length < number) counts.push({ due: 0, notRenewed: 0 });
    const count = counts[number - 1];
    if (!count) continue;
    count.due += 1;
    if (!renewed) count.notRenewed += 1;
  }
  return counts;
}
