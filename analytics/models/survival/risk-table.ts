import { add, countBelow, countUpTo, distinct } from './sorted.ts';
import { startOf, type StartOptions } from './start.ts';
import type { SpellColumns } from './spell.ts';

/**
 * Who was at risk and who left, at each distinct exit after `start`, in ascending order; every array has one cell for each of `times`. At risk
 * at t are those with entry < t <= exit, so that somebody censored on the day of an event is still at risk for it.
 */
export interface RiskTable {
  readonly start: number | null;
  readonly times: Float64Array;
  readonly atRisk: Float64Array;
  /** Events by cause; `events[0]` are those of the first. */
  readonly events: readonly Float64Array[];
  readonly weightAtRisk: Float64Array;
  readonly weightEvents: readonly Float64Array[];
  /** Spells that are in the table. */
  readonly spells: number;
  /** Spells that ended at or before `start` (all of them where there is none), which the table cannot use. */
  readonly beforeStart: number;
  readonly leftOut: number;
}

/** O(n log n) for n spells. */
export function riskTable(columns: SpellColumns, causes: number, options: StartOptions = {}): RiskTable {
  const start = startOf(columns, options);
  const from = start ?? Infinity;
  const times = distinct(columns.exit.filter((exit) => exit > from));
  const table = emptyTable(times, causes);
  let spells = 0;
  for (let k = 0; k < columns.exit.length; k += 1) {
    const exit = columns.exit[k] ?? NaN;
    if (exit <= from) continue;
    spells += 1;
    const first = countUpTo(times, Math.max(columns.entry[k] ?? NaN, from));
    addSpell(
      table,
      { first, last: countBelow(times, exit), cause: columns.cause[k] ?? 0 },
      columns.weight[k] ?? 0,
    );
  }
  accumulate(table.atRisk);
  accumulate(table.weightAtRisk);
  return { ...table, start, spells, beforeStart: columns.exit.length - spells, leftOut: columns.leftOut };
}

type Cells = Pick<RiskTable, 'times' | 'atRisk' | 'events' | 'weightAtRisk' | 'weightEvents'>;

function emptyTable(times: Float64Array, causes: number): Cells {
  const cells = (): Float64Array => new Float64Array(times.length);
  return {
    times,
    atRisk: cells(),
    events: Array.from({ length: causes }, cells),
    weightAtRisk: cells(),
    weightEvents: Array.from({ length: causes }, cells),
  };
}

/** Notes where a spell comes and goes; the sums over time are made once at the end. */
function addSpell(
  table: Cells,
  { first, last, cause }: { first: number; last: number; cause: number },
  weight: number,
): void {
  add(table.atRisk, first, 1);
  add(table.weightAtRisk, first, weight);
  if (last + 1 < table.times.length) {
    add(table.atRisk, last + 1, -1);
    add(table.weightAtRisk, last + 1, -weight);
  }
  const events = table.events[cause - 1];
  const weightEvents = table.weightEvents[cause - 1];
  if (events) add(events, last, 1);
  if (weightEvents) add(weightEvents, last, weight);
}

function accumulate(cells: Float64Array): void {
  let sum = 0;
  for (let k = 0; k < cells.length; k += 1) {
    sum += cells[k] ?? 0;
    cells[k] = sum;
  }
}
