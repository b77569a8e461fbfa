import { DEFAULT_LEVEL, type Interval } from '../intervals/interval.ts';
import type { CurveOptions } from './kaplan-meier.ts';
import { logLogInterval } from './log-log.ts';
import { type RiskTable, riskTable } from './risk-table.ts';
import { columnsOf, type Spell } from './spell.ts';

/** A spell whose end has a cause; null where it is censored. Give an end of unknown cause a name of its own ('unknown'). */
export type CausedSpell = Pick<Spell, 'entry' | 'exit'> & { readonly cause: string | null };

export interface Incidence {
  /** The share of those who reached `start` that has left by this cause, 0 to 1. */
  readonly incidence: number;
  readonly standardError: number;
  /** Log-log; null at 0 and 1. */
  readonly interval: Interval | null;
}

export interface IncidencePoint {
  readonly time: number;
  readonly atRisk: number;
  /** Events of each cause at this time, in the order of `causes`. */
  readonly events: readonly number[];
  /** The share that has not left; adds up with the incidences to 1. */
  readonly survival: number;
  /** In the order of `causes`. */
  readonly byCause: readonly Incidence[];
}

export interface IncidenceCurves {
  readonly causes: readonly string[];
  readonly start: number | null;
  readonly last: number | null;
  readonly spells: number;
  readonly leftOut: number;
  readonly beforeStart: number;
  readonly points: readonly IncidencePoint[];
}

/**
 * Cumulative incidence of competing causes with delayed entry: the Aalen-Johansen estimator (1978), with the Greenwood-type variance (Andersen,
 * Borgan, Gill & Keiding 1993, formula 4.4.20; without delayed entry that of Marubini & Valsecchi 1995). Causes are sorted by name. O(n log n).
 */
export function cumulativeIncidence(
  spells: Iterable<CausedSpell>,
  options: CurveOptions = {},
): IncidenceCurves {
  const list = [...spells];
  const causes = [...new Set(list.flatMap(({ cause }) => (cause === null ? [] : [cause])))].toSorted();
  const numbers = new Map(causes.map((cause, k) => [cause, k + 1]));
  const columns = columnsOf(list, ({ cause }) => (cause === null ? 0 : (numbers.get(cause) ?? 0)));
  const table = riskTable(columns, causes.length, options);
  return {
    causes,
    start: table.start,
    last: table.times.at(-1) ?? null,
    spells: table.spells,
    leftOut: table.leftOut,
    beforeStart: table.beforeStart,
    points: pointsOf(table, options.level ?? DEFAULT_LEVEL),
  };
}

/** A cause's incidence with its variance and its covariance with survival. */
interface CauseState {
  readonly incidence: number;
  readonly variance: number;
  readonly covariance: number;
}

function pointsOf(table: RiskTable, level: number): IncidencePoint[] {
  const points: IncidencePoint[] = [];
  let survival = 1;
  let variance = 0;
  let states: CauseState[] = table.events.map(() => ({ incidence: 0, variance: 0, covariance: 0 }));
  for (let k = 0; k < table.times.length; k += 1) {
    const events = table.events.map((cells) => cells[k] ?? 0);
    const left = events.reduce((sum, count) => sum + count, 0);
    if (left === 0) continue;
    const atRisk = table.atRisk[k] ?? 0;
    const before = { survival, variance, atRisk, hazard: left / atRisk };
    states = states.map((state, j) => nextState(state, (events[j] ?? 0) / atRisk, before));
    const stay = (atRisk - left) / atRisk;
    variance = stay * stay * variance + (survival * survival * before.hazard * stay) / atRisk;
    survival *= stay;
    points.push({
      time: table.times[k] ?? NaN,
      atRisk,
      events,
      survival,
      byCause: states.map((state) => incidenceOf(state, level)),
    });
  }
  return points;
}

/**
 * One step of the delta method: incidence' = incidence + survival h, survival' = survival (1 - H), where the hazards h at one time have the
 * covariance of a multinomial. The same as the published sums over all earlier times, but in one pass and without their cancellation.
 */
function nextState(
  { incidence, variance, covariance }: CauseState,
  h: number,
  before: { survival: number; variance: number; atRisk: number; hazard: number },
): CauseState {
  const noise = (before.survival * before.survival * h) / before.atRisk;
  const stay = 1 - before.hazard;
  return {
    incidence: incidence + before.survival * h,
    variance: variance + 2 * h * covariance + h * h * before.variance + noise * (1 - h),
    covariance: stay * (covariance + h * before.variance) - noise * stay,
  };
}

function incidenceOf({ incidence, variance }: CauseState, level: number): Incidence {
  const standardError = Math.sqrt(Math.max(0, variance));
  return { incidence, standardError, interval: logLogInterval(incidence, standardError, level) };
}
