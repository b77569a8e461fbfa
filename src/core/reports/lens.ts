import type { DuckDBConnection } from '@duckdb/node-api';
import { readAccountRows, rulesReadBy, type AccountRow, type CountingRules } from '../../warehouse/churn.ts';
import { AppError } from '../errors.ts';
import { apportion } from './apportion.ts';
import { rulesOf } from './churn.ts';
import { Switches, type Measure } from './conventions.ts';
import { windowsOf } from './windows.ts';

/** Shares are told in hundred-millionths, so that they are whole and sum to the gap without a rest. */
export const LENS_UNITS = 100_000_000;
const MOST_SWITCHES = 12;
const MADE_WITH: ReadonlySet<string> = new Set(['moment', 'returner', 'annual', 'free', 'clock']);

/** Why one convention's figure of a month is not another's. All shares are whole hundred-millionths of the measure. */
export interface Lens {
  from: number;
  to: number;
  /** to - from */
  gap: number;
  switches: LensSwitch[];
}

export interface LensSwitch {
  name: keyof Switches;
  from: string;
  to: string;
  /** the Shapley value of turning this switch */
  share: number;
  /** the accounts whose row it changes; they sum to the share. A null account stands for all that did not move, together */
  accounts: { account: string | null; share: number }[];
}

/**
 * The gap between two sets of switches for a month, by switch (exact Shapley values over the switches in which they differ) and by account (in
 * proportion to what the switch changes of an account's numerator and denominator).
 * Throws AppError `invalid` where one of the two has no figure for the month, because nobody was a customer.
 */
export async function lensOf(
  db: DuckDBConnection,
  measure: Measure,
  from: Switches,
  to: Switches,
  month: string,
): Promise<Lens> {
  const names = playersOf(measure).filter((name) => from[name] !== to[name]);
  if (names.length > MOST_SWITCHES) throw new Error(`${names.length} switches are too many to compare`);
  const isByPlan = from.annual === 'apart' || to.annual === 'apart';
  const sets = await countAll(
    db,
    measure,
    Array.from({ length: 2 ** names.length }, (_, set) => mixed(from, to, names, set)),
    month,
    isByPlan ? 'all' : 'in question',
  );
  const valueOf = (set: number): number => atSet(sets, set).value;
  const [first, last] = [valueOf(0), valueOf(sets.length - 1)];
  if (sets.some(({ value }) => !Number.isFinite(value)))
    throw new AppError('invalid', 'Nobody was a customer when the month began: there is nothing to compare.');
  const gap = Math.round(last * LENS_UNITS) - Math.round(first * LENS_UNITS);
  const effects = names.map((_, n) => effectsOf(sets, names.length, n));
  const shares = apportion(
    effects.map((effect) => total(effect) * LENS_UNITS),
    gap,
  );
  return {
    from: Math.round(first * LENS_UNITS),
    to: Math.round(last * LENS_UNITS),
    gap,
    switches: names.map((name, n) => {
      const accounts = [...(effects[n] ?? [])]
        .filter(([, effect]) => Math.abs(effect) > 1e-15)
        .toSorted(([a], [b]) => Number(a === null) - Number(b === null) || ((a ?? '') < (b ?? '') ? -1 : 1));
      const share = shares[n] ?? 0;
      const parts = apportion(
        accounts.map(([, effect]) => effect * LENS_UNITS),
        share,
      );
      return {
        name,
        from: from[name],
        to: to[name],
        share,
        accounts: accounts.map(([account], place) => ({ account, share: parts[place] ?? 0 })),
      };
    }),
  };
}

/** What a month counts under one set of switches. */
interface Counted {
  value: number;
  /** by window, or all windows together */
  pools: Map<string, Pool>;
  /** what each account adds to the value */
  parts: Parts;
  clock: Switches['clock'];
}

type Parts = ReadonlyMap<string | null, number>;

interface Pool {
  numerator: number;
  denominator: number;
  rows: Map<string | null, { numerator: number; denominator: number }>;
}

const NOBODY: Pool = { numerator: 0, denominator: 0, rows: new Map() };

/** Sets that read the same facts are counted from one reading of them. */
async function countAll(
  db: DuckDBConnection,
  measure: Measure,
  sets: readonly Switches[],
  month: string,
  who: 'all' | 'in question',
): Promise<Counted[]> {
  const counted = new Map<Switches, Counted>();
  for (const group of Map.groupBy(sets, factsKey).values()) {
    const [first, ...rest] = group.map((switches) => rulesOf(switches));
    const clock = group[0]?.clock;
    if (first === undefined || clock === undefined) continue;
    const windows = windowsOf(clock, month);
    const rows = await readAccountRows(db, measure, [first, ...rest], windows, who);
    for (const [n, switches] of group.entries())
      counted.set(switches, countRows(rows[n] ?? [], clock, windows.length));
  }
  return sets.flatMap((switches) => counted.get(switches) ?? []);
}

function factsKey(switches: Switches): string {
  const { moment, lapses, free, plans }: CountingRules = rulesOf(switches);
  return JSON.stringify([moment, lapses, free, plans, switches.clock]);
}

function countRows(rows: readonly AccountRow[], clock: Switches['clock'], windows: number): Counted {
  const isDaily = clock === 'daily';
  // A rate of several windows that are counted together is over the average of their denominators.
  const times = isDaily ? 1 : windows;
  const pools = new Map<string, Pool>();
  for (const row of rows) add(pools, isDaily ? row.window : '', row, times);
  const parts = new Map<string | null, number>();
  for (const pool of pools.values())
    for (const [account, part] of partsOf(pool)) parts.set(account, (parts.get(account) ?? 0) + part);
  const isEmpty = [...pools.values()].every(({ denominator }) => denominator === 0);
  return { value: isEmpty ? NaN : total(parts), pools, parts, clock };
}

function add(pools: Map<string, Pool>, key: string, row: AccountRow, times: number): void {
  const pool = pools.get(key) ?? { numerator: 0, denominator: 0, rows: new Map() };
  const own = pool.rows.get(row.account) ?? { numerator: 0, denominator: 0 };
  const [numerator, denominator] = [row.numerator * times, row.denominator];
  pool.rows.set(row.account, {
    numerator: own.numerator + numerator,
    denominator: own.denominator + denominator,
  });
  pools.set(key, {
    numerator: pool.numerator + numerator,
    denominator: pool.denominator + denominator,
    rows: pool.rows,
  });
}

/** The Shapley value of switch n, by account. */
function effectsOf(sets: readonly Counted[], switches: number, n: number): Map<string | null, number> {
  const effects = new Map<string | null, number>();
  for (let set = 0; set < sets.length; set += 1) {
    if ((set & (1 << n)) !== 0) continue;
    const weight = weightOf(bitsOf(set), switches);
    for (const [account, effect] of turned(atSet(sets, set), atSet(sets, set | (1 << n))))
      effects.set(account, (effects.get(account) ?? 0) + weight * effect);
  }
  return effects;
}

/**
 * What turning one switch does to the value, by account: (change of its numerator - rate * change of its denominator) / denominator, both at
 * the middle of before and after, which sums to the change of the rate and is negated when the switch is turned back. Another clock has other
 * windows, and a window without a denominator has no rate, so there it is the change of what the account adds.
 */
function* turned(before: Counted, after: Counted): Iterable<[string | null, number]> {
  if (before.clock !== after.clock) {
    yield* partsChanged(before.parts, after.parts);
    return;
  }
  for (const key of new Set([...before.pools.keys(), ...after.pools.keys()])) {
    const old = before.pools.get(key) ?? NOBODY;
    const pool = after.pools.get(key) ?? NOBODY;
    if (old.denominator === 0 || pool.denominator === 0) {
      yield* partsChanged(partsOf(old), partsOf(pool));
      continue;
    }
    const rate = (old.numerator / old.denominator + pool.numerator / pool.denominator) / 2;
    const middle = (old.denominator + pool.denominator) / 2;
    for (const account of new Set([...old.rows.keys(), ...pool.rows.keys()])) {
      const [a, b] = [old.rows.get(account), pool.rows.get(account)];
      const numerator = (b?.numerator ?? 0) - (a?.numerator ?? 0);
      const denominator = (b?.denominator ?? 0) - (a?.denominator ?? 0);
      yield [account, (numerator - rate * denominator) / middle];
    }
  }
}

function* partsChanged(before: Parts, after: Parts): Iterable<[string | null, number]> {
  for (const account of new Set([...before.keys(), ...after.keys()]))
    yield [account, (after.get(account) ?? 0) - (before.get(account) ?? 0)];
}

/** What each account adds to the rate of a pool: nothing where there is no denominator. */
function partsOf({ denominator, rows }: Pool): Parts {
  if (denominator === 0) return new Map();
  return new Map([...rows].map(([account, { numerator }]) => [account, numerator / denominator]));
}

function weightOf(size: number, switches: number): number {
  return (factorial(size) * factorial(switches - size - 1)) / factorial(switches);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function bitsOf(set: number): number {
  return set === 0 ? 0 : (set & 1) + bitsOf(set >> 1);
}

function atSet(sets: readonly Counted[], set: number): Counted {
  const found = sets[set];
  if (found === undefined) throw new Error(`no set ${set}`);
  return found;
}

function total(parts: ReadonlyMap<unknown, number>): number {
  return [...parts.values()].reduce((sum, part) => sum + part, 0);
}

/** The switches that a measure can differ by: those its facts are made with, and those it reads. */
function playersOf(measure: Measure): (keyof Switches)[] {
  const read = rulesReadBy(measure);
  return Object.keys(Switches.shape)
    .map((name) => Switches.keyof().parse(name))
    .filter((name) => MADE_WITH.has(name) || read.has(name));
}

function mixed(from: Switches, to: Switches, names: readonly (keyof Switches)[], set: number): Switches {
  const turnedOn = names.filter((_, n) => (set & (1 << n)) !== 0).map((name) => [name, to[name]]);
  return Switches.parse({ ...from, ...Object.fromEntries(turnedOn) });
}
