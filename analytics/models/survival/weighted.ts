import {
  type BootstrapOptions,
  DEFAULT_RESAMPLES,
  percentileInterval,
  resample,
} from '../intervals/bootstrap.ts';
import type { Interval } from '../intervals/interval.ts';
import { shareLeft } from './kaplan-meier.ts';
import { add, countBelow, countUpTo, distinct } from './sorted.ts';
import { columnsOf, type Spell, type SpellColumns } from './spell.ts';
import { startOf, type StartOptions } from './start.ts';

/** A spell of an account with its money at entry. Several spells of one account are drawn together. */
export type AccountSpell = Required<Spell> & { readonly account: string };

export interface WeightedOptions extends BootstrapOptions, StartOptions {
  /** The ages to report, on the clock of the spells. */
  readonly times: readonly number[];
}

export interface WeightedPoint {
  readonly time: number;
  /** The share of the money of those who reached `start` that is still there. Null before the start and after the last age anybody was seen at. */
  readonly survival: number | null;
  /** Percentile, over accounts. Null where survival is, and where every resample gives the same. */
  readonly interval: Interval | null;
}

export interface WeightedSurvival {
  readonly start: number | null;
  readonly spells: number;
  readonly accounts: number;
  readonly leftOut: number;
  readonly beforeStart: number;
  /** The largest account's share of all weights: how far one customer makes the curve. Null without weight. */
  readonly topAccountShare: number | null;
  readonly points: readonly WeightedPoint[];
}

/**
 * Kaplan-Meier with delayed entry weighted by money, at given ages, with an interval from a bootstrap over accounts (cluster bootstrap: Davison
 * & Hinkley 1997, sections 3.5 and 3.8). The start of the curve is that of the data as they are. O(n log n + resamples (n + distinct exits)).
 */
export function weightedSurvival(spells: Iterable<AccountSpell>, options: WeightedOptions): WeightedSurvival {
  const numbers = new Map<string, number>();
  const accounts: number[] = [];
  const columns = columnsOf(
    spells,
    ({ event }) => (event ? 1 : 0),
    ({ account }) => {
      const number = numbers.get(account) ?? numbers.size;
      numbers.set(account, number);
      accounts.push(number);
    },
  );
  const start = startOf(columns, options);
  const plan = planOf(columns, accounts, start);
  const once = new Uint32Array(plan.accounts).fill(1);
  const survival = survivalAtTimes(plan, once, options.times);
  const intervals = intervalsOf(plan, options);
  const last = plan.times.at(-1) ?? NaN;
  const seen = (time: number, k: number): boolean =>
    start !== null && time >= start && (time <= last || survival[k] === 0);
  return {
    start,
    spells: plan.account.length,
    accounts: plan.accounts,
    leftOut: columns.leftOut,
    beforeStart: columns.exit.length - plan.account.length,
    topAccountShare: topShare(plan),
    points: options.times.map((time, k) =>
      seen(time, k)
        ? { time, survival: survival[k] ?? null, interval: intervals[k] ?? null }
        : { time, survival: null, interval: null },
    ),
  };
}

/** What a resample needs of each spell: its account, its place among the distinct exits, its money. */
interface Plan {
  readonly times: Float64Array;
  readonly accounts: number;
  readonly account: Uint32Array;
  /** The first of `times` at which the spell is at risk, and the last. */
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly isEvent: Uint8Array;
  readonly weight: Float64Array;
}

function planOf(columns: SpellColumns, accounts: readonly number[], start: number | null): Plan {
  const from = start ?? Infinity;
  const kept = [...accounts.keys()].filter((k) => (columns.exit[k] ?? NaN) > from);
  const times = distinct(columns.exit.filter((exit) => exit > from));
  const renumbered = new Map<number, number>();
  const account = Uint32Array.from(kept, (k) => {
    const old = accounts[k] ?? 0;
    const number = renumbered.get(old) ?? renumbered.size;
    renumbered.set(old, number);
    return number;
  });
  return {
    times,
    accounts: renumbered.size,
    account,
    first: Uint32Array.from(kept, (k) => countUpTo(times, Math.max(columns.entry[k] ?? NaN, from))),
    last: Uint32Array.from(kept, (k) => countBelow(times, columns.exit[k] ?? NaN)),
    isEvent: Uint8Array.from(kept, (k) => columns.cause[k] ?? 0),
    weight: Float64Array.from(kept, (k) => columns.weight[k] ?? 0),
  };
}

/** Survival at each of the asked times when each account counts as often as it was drawn. */
function survivalAtTimes(plan: Plan, drawn: Uint32Array, asked: readonly number[]): number[] {
  const change = new Float64Array(plan.times.length + 1);
  const events = new Float64Array(plan.times.length);
  for (let k = 0; k < plan.account.length; k += 1) {
    const amount = (drawn[plan.account[k] ?? 0] ?? 0) * (plan.weight[k] ?? 0);
    if (amount === 0) continue;
    const last = plan.last[k] ?? 0;
    add(change, plan.first[k] ?? 0, amount);
    add(change, last + 1, -amount);
    if (plan.isEvent[k] === 1) add(events, last, amount);
  }
  const curve = new Float64Array(plan.times.length);
  let atRisk = 0;
  let survival = 1;
  for (let t = 0; t < curve.length; t += 1) {
    atRisk += change[t] ?? 0;
    const left = events[t] ?? 0;
    if (left > 0) survival *= shareLeft(atRisk, left);
    curve[t] = survival;
  }
  return asked.map((time) => curve[countUpTo(plan.times, time) - 1] ?? 1);
}

function intervalsOf(plan: Plan, options: WeightedOptions): (Interval | null)[] {
  if (plan.accounts === 0) return options.times.map(() => null);
  const rounds = options.resamples ?? DEFAULT_RESAMPLES;
  const values = options.times.map(() => new Float64Array(rounds));
  resample(plan.accounts, options, (drawn, round) => {
    for (const [k, survival] of survivalAtTimes(plan, drawn, options.times).entries()) {
      const cells = values[k];
      if (cells) cells[round] = survival;
    }
  });
  return values.map((cells) => percentileInterval(cells, options.level));
}

function topShare(plan: Plan): number | null {
  const sums = new Float64Array(plan.accounts);
  for (let k = 0; k < plan.account.length; k += 1) add(sums, plan.account[k] ?? 0, plan.weight[k] ?? 0);
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total === 0 ? null : sums.reduce((most, value) => Math.max(most, value), 0) / total;
}
