import { countBelow, countUpTo } from './sorted.ts';
import { eventColumns, type Spell } from './spell.ts';

/**
 * The row under a curve: how many are at risk at each of the given ages, entry < age <= exit. At the first age at which anybody enters, those
 * who enter there are counted, so that a row that begins at 0 begins with them. May rise. O(n log n).
 */
export function numbersAtRisk(spells: Iterable<Spell>, ages: readonly number[]): number[] {
  const { entry, exit } = eventColumns(spells);
  const entries = entry.toSorted();
  const exits = exit.toSorted();
  return ages.map((age) =>
    age === entries[0] ? countUpTo(entries, age) : countBelow(entries, age) - countBelow(exits, age),
  );
}
