import { DEFAULT_LEVEL, type Interval } from '../intervals/interval.ts';
import { wilson } from '../intervals/wilson.ts';
import { add, countBelow, countUpTo } from './sorted.ts';
import { eventColumns, type Spell } from './spell.ts';

/** What happened to those of an interval of age: after `from`, up to and with `to`. */
export interface IntervalHazard {
  readonly from: number;
  readonly to: number;
  /** At risk when the interval begins. */
  readonly present: number;
  /** Came under observation inside it. */
  readonly entered: number;
  /** Were no longer seen before its end. */
  readonly censored: number;
  readonly events: number;
  /** present + entered / 2 - censored / 2, at least the events: who is seen for a part counts as half. */
  readonly exposed: number;
  /** events / exposed: the share of those who reach the interval that leaves in it. Null where nobody was exposed. */
  readonly hazard: number | null;
  /** Wilson, of events in exposed. */
  readonly interval: Interval | null;
}

/**
 * The hazard by interval of age, the actuarial way (Cutler & Ederer 1958; Klein & Moeschberger 2003, section 5.4, with late entries as halves
 * too). `boundaries` ascend and bound one interval less than they are. An exit on a boundary belongs to the interval that ends there: an annual
 * contract that ends on its 365th day leaves in the interval up to 365. Events and spells outside the boundaries are in no interval.
 */
export function hazardByInterval(
  spells: Iterable<Spell>,
  boundaries: readonly number[],
  level: number = DEFAULT_LEVEL,
): IntervalHazard[] {
  requireAscending(boundaries);
  const counts = countByInterval(spells, boundaries);
  return boundaries.slice(1).map((to, k) => {
    const events = counts.events[k] ?? 0;
    const entered = counts.entered[k] ?? 0;
    const censored = counts.censored[k] ?? 0;
    const present = counts.present[k] ?? 0;
    const exposed = Math.max(present + entered / 2 - censored / 2, events);
    return {
      from: boundaries[k] ?? NaN,
      to,
      present,
      entered,
      censored,
      events,
      exposed,
      hazard: exposed === 0 ? null : events / exposed,
      interval: wilson({ hits: events, n: exposed }, level),
    };
  });
}

type Counts = Record<'present' | 'entered' | 'censored' | 'events', Float64Array>;

function countByInterval(spells: Iterable<Spell>, boundaries: readonly number[]): Counts {
  const { entry, exit, cause } = eventColumns(spells);
  const cells = (): Float64Array => new Float64Array(boundaries.length + 1);
  const counts = { present: cells(), entered: cells(), censored: cells(), events: cells() };
  for (let k = 0; k < exit.length; k += 1) {
    const begin = entry[k] ?? NaN;
    const end = exit[k] ?? NaN;
    // Present at the boundaries b with begin <= b < end.
    add(counts.present, countBelow(boundaries, begin), 1);
    add(counts.present, countBelow(boundaries, end), -1);
    const enters = countUpTo(boundaries, begin) - 1;
    if (enters >= 0 && boundaries[enters] !== begin) add(counts.entered, enters, 1);
    const leaves = countBelow(boundaries, end) - 1;
    if (leaves < 0) continue;
    if (cause[k] === 1) add(counts.events, leaves, 1);
    else if (boundaries[leaves + 1] !== end) add(counts.censored, leaves, 1);
  }
  let present = 0;
  for (let k = 0; k < counts.present.length; k += 1) {
    present += counts.present[k] ?? 0;
    counts.present[k] = present;
  }
  return counts;
}

function requireAscending(boundaries: readonly number[]): void {
  if (boundaries.length < 2 || boundaries.some((value, k) => k > 0 && !(value > (boundaries[k - 1] ?? NaN))))
    throw new RangeError('Intervals need at least two boundaries in ascending order.');
}
