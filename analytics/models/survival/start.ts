import { countUpTo } from './sorted.ts';
import type { SpellColumns } from './spell.ts';

export interface StartOptions {
  /**
   * The curve starts at the first age at which so many are at risk, and speaks of those who reached it; 1 by default. With delayed entry the
   * first risk sets can be tiny, and one loss among them would hold survival at 0 for ever.
   */
  readonly minimumAtRisk?: number;
  /** The curve starts at this age at the earliest. */
  readonly startAt?: number;
}

/** The age at which a curve starts (at an entry, or at `startAt`), or null where never so many are at risk. */
export function startOf(
  { entry, exit }: SpellColumns,
  { minimumAtRisk = 1, startAt = -Infinity }: StartOptions,
): number | null {
  if (!(minimumAtRisk >= 1)) throw new RangeError(`minimumAtRisk is 1 or more; got ${minimumAtRisk}.`);
  if (Number.isNaN(startAt)) throw new RangeError('startAt is a number.');
  const entries = entry.toSorted();
  const exits = exit.toSorted();
  const isEnough = (age: number): boolean => countUpTo(entries, age) - countUpTo(exits, age) >= minimumAtRisk;
  if (startAt > -Infinity && isEnough(startAt)) return startAt;
  let inside = 0;
  let gone = 0;
  while (inside < entries.length) {
    const age = entries[inside] ?? NaN;
    while (inside < entries.length && entries[inside] === age) inside += 1;
    while (gone < exits.length && (exits[gone] ?? NaN) <= age) gone += 1;
    if (age > startAt && inside - gone >= minimumAtRisk) return age;
  }
  return null;
}
