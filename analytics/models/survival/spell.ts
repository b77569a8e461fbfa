/**
 * A spell under observation, on any clock (days or months of tenure, numbers of renewals): at risk after `entry` up to and with `exit`, and
 * `event` says whether it ended there or was only no longer seen. With delayed entry `entry` is the age at which we could first have seen it end.
 */
export interface Spell {
  readonly entry: number;
  readonly exit: number;
  readonly event: boolean;
  /** Money at entry, or any other amount >= 0; 1 where it is left out. In whole minor units sums stay exact. */
  readonly weight?: number;
}

/** Spells as columns. Those with exit <= entry were never at risk: they are in no column and counted in `leftOut`. */
export interface SpellColumns {
  readonly entry: Float64Array;
  readonly exit: Float64Array;
  /** 0 where the spell is censored, else 1 + the number of its cause. */
  readonly cause: Uint32Array;
  readonly weight: Float64Array;
  readonly leftOut: number;
  /** Every weight is 1, so that sums of weights are counts. */
  readonly isCount: boolean;
}

type Times = Pick<Spell, 'entry' | 'exit' | 'weight'>;

/**
 * Reads rows into columns; `causeOf` gives 0 for a censored row, `onKept` is told of each that is kept. RangeError with the number of the row
 * (from 1) where a time is no finite number or a weight is negative.
 */
export function columnsOf<Row extends Times>(
  rows: Iterable<Row>,
  causeOf: (row: Row) => number,
  onKept: (row: Row) => void = () => {},
): SpellColumns {
  const list = [...rows];
  const entry = new Float64Array(list.length);
  const exit = new Float64Array(list.length);
  const cause = new Uint32Array(list.length);
  const weight = new Float64Array(list.length);
  let kept = 0;
  let isCount = true;
  for (const [index, row] of list.entries()) {
    requireNumbers(row, index);
    if (row.exit <= row.entry) continue;
    entry[kept] = row.entry;
    exit[kept] = row.exit;
    cause[kept] = causeOf(row);
    weight[kept] = row.weight ?? 1;
    isCount &&= weight[kept] === 1;
    onKept(row);
    kept += 1;
  }
  return {
    entry: entry.subarray(0, kept),
    exit: exit.subarray(0, kept),
    cause: cause.subarray(0, kept),
    weight: weight.subarray(0, kept),
    leftOut: list.length - kept,
    isCount,
  };
}

/** Columns of spells with one kind of event. */
export function eventColumns(spells: Iterable<Spell>): SpellColumns {
  return columnsOf(spells, (spell) => (spell.event ? 1 : 0));
}

function requireNumbers({ entry, exit, weight = 1 }: Times, index: number): void {
  if (!Number.isFinite(entry) || !Number.isFinite(exit))
    throw new RangeError(`Spell ${index + 1} needs a finite entry and exit and has ${entry} and ${exit}.`);
  if (!(weight >= 0 && weight < Infinity))
    throw new RangeError(`Spell ${index + 1} needs a weight of 0 or more and has ${weight}.`);
}
