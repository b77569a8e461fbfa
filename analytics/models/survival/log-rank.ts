import { chiSquaredTails } from '../special/chi-squared.ts';
import { holm } from './holm.ts';
import { quadraticForm } from './quadratic-form.ts';
import { add, countUpTo, distinct } from './sorted.ts';
import { eventColumns, type Spell, type SpellColumns } from './spell.ts';

/** `group` must be known when the spell enters: grouping by what came later gives immortal time. Weights are not used. */
export type GroupedSpell = Pick<Spell, 'entry' | 'exit' | 'event'> & { readonly group: string };

export interface LogRankGroup {
  readonly group: string;
  readonly spells: number;
  readonly observed: number;
  /** Events this group would have had with the hazard of all groups together. */
  readonly expected: number;
}

export interface TestResult {
  readonly chiSquared: number;
  readonly degrees: number;
  /** The upper tail, computed directly; 0 where it is below 1e-308. */
  readonly p: number;
  /** log10 of p, also where p is 0: print "< 1e-300" then. */
  readonly log10P: number;
}

export interface LogRank {
  /** Sorted by name. */
  readonly groups: readonly LogRankGroup[];
  readonly leftOut: number;
  /** Null where fewer than two groups are ever at risk together when somebody leaves. */
  readonly test: TestResult | null;
}

export interface LogRankPair {
  readonly groups: readonly [string, string];
  readonly test: TestResult | null;
  /** p after Holm's correction for all pairs that could be tested. */
  readonly adjustedP: number | null;
}

/**
 * The log-rank test of g groups (Mantel 1966; Klein & Moeschberger 2003, section 7.3) with delayed entry: at each time somebody leaves, each
 * group's events against its share of those at risk. O(n log n + T g^2) for T distinct exits.
 */
export function logRank(spells: Iterable<GroupedSpell>): LogRank {
  const list = [...spells];
  const names = groupNames(list);
  const columns = names.map((name) => columnsOfGroup(list, name));
  return compare(names, columns);
}

/** The log-rank test of every pair of groups, with Holm's correction (Holm 1979). */
export function pairwiseLogRank(spells: Iterable<GroupedSpell>): LogRankPair[] {
  const list = [...spells];
  const groups = groupNames(list).map((name) => ({
    name,
    columns: columnsOfGroup(list, name),
  }));
  const pairs = groups.flatMap((one, k) =>
    groups.slice(k + 1).map((two): { groups: readonly [string, string]; test: TestResult | null } => ({
      groups: [one.name, two.name],
      test: compare([one.name, two.name], [one.columns, two.columns]).test,
    })),
  );
  const tested = pairs.flatMap(({ test }) => (test ? [test.p] : []));
  const adjusted = holm(tested);
  let next = 0;
  return pairs.map((pair) => ({ ...pair, adjustedP: pair.test ? (adjusted[next++] ?? null) : null }));
}

function groupNames(list: readonly GroupedSpell[]): string[] {
  return [...new Set(list.map(({ group }) => group))].toSorted();
}

function columnsOfGroup(list: readonly GroupedSpell[], name: string): SpellColumns {
  return eventColumns(list.filter(({ group }) => group === name));
}

function compare(names: readonly string[], columns: readonly SpellColumns[]): LogRank {
  const sums = sumsOf(columns);
  return {
    groups: names.map((group, k) => ({
      group,
      spells: columns[k]?.exit.length ?? 0,
      observed: sums.observed[k] ?? 0,
      expected: sums.expected[k] ?? 0,
    })),
    leftOut: columns.reduce((sum, one) => sum + one.leftOut, 0),
    test: testOf(sums),
  };
}

interface Sums {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** The covariance of observed - expected, row by row. */
  readonly covariance: readonly Float64Array[];
}

function sumsOf(columns: readonly SpellColumns[]): Sums {
  const times = distinct(
    concatenated(columns.map(({ exit, cause }) => exit.filter((_, k) => cause[k] === 1))),
  );
  const groups = columns.map((one) => countsAt(times, one));
  const cells = (): Float64Array => new Float64Array(columns.length);
  const sums = { observed: cells(), expected: cells(), covariance: columns.map(cells) };
  for (let t = 0; t < times.length; t += 1) addTime(sums, groups, t);
  return sums;
}

interface Counts {
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
}

/** At risk (entry < time <= exit) and events of one group at each of the ascending times. */
function countsAt(times: Float64Array, { entry, exit, cause }: SpellColumns): Counts {
  const atRisk = new Float64Array(times.length + 1);
  const events = new Float64Array(times.length);
  for (let k = 0; k < exit.length; k += 1) {
    const after = countUpTo(times, exit[k] ?? NaN);
    add(atRisk, countUpTo(times, entry[k] ?? NaN), 1);
    add(atRisk, after, -1);
    if (cause[k] === 1) add(events, after - 1, 1);
  }
  let sum = 0;
  for (let t = 0; t < times.length; t += 1) {
    sum += atRisk[t] ?? 0;
    atRisk[t] = sum;
  }
  return { atRisk, events };
}

/** Adds what one time says; the covariance is that of the multivariate hypergeometric distribution. */
function addTime({ observed, expected, covariance }: Sums, groups: readonly Counts[], t: number): void {
  const total = groups.reduce((sum, { atRisk }) => sum + (atRisk[t] ?? 0), 0);
  const events = groups.reduce((sum, group) => sum + (group.events[t] ?? 0), 0);
  const spread = total > 1 ? (events * (total - events)) / (total - 1) : 0;
  for (const [g, group] of groups.entries()) {
    const share = (group.atRisk[t] ?? 0) / total;
    add(observed, g, group.events[t] ?? 0);
    add(expected, g, events * share);
    for (const [h, other] of groups.entries()) {
      const row = covariance[g];
      if (row) add(row, h, spread * share * ((g === h ? 1 : 0) - (other.atRisk[t] ?? 0) / total));
    }
  }
}

function testOf({ observed, expected, covariance }: Sums): TestResult | null {
  const differences = observed.map((count, g) => count - (expected[g] ?? 0));
  const { value, rank } = quadraticForm(differences, covariance);
  if (rank === 0) return null;
  const { upper, lnUpper } = chiSquaredTails(value, rank);
  return { chiSquared: value, degrees: rank, p: upper, log10P: lnUpper / Math.LN10 };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
