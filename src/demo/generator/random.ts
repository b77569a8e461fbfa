/** A stream of numbers that depends on nothing but its seeds: the same portal on every machine. */
export interface Random {
  /** from 0 (included) to 1 (excluded) */
  next(): number;
  /** a whole number from low to high, both included */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** picks by weight */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** mean 0, deviation 1 */
  normal(): number;
}

/** splitmix32 over a mix of the seeds (Steele, Lea and Flood 2014, the 32-bit variant). */
export function random(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => scramble(mixed ^ (seed >>> 0)) + 0x9e3779b9, 0x243f6a88) >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state) / 4_294_967_296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => nth(list, int(0, list.length - 1)),
    weighted: (list) => {
      let left = next() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return nth(list, list.length - 1)[0];
    },
    // Box and Muller's transform
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

function scramble(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function nth<T>(list: readonly T[], n: number): T {
  const value = list[n];
  if (value === undefined) throw new RangeError('an empty list has nothing to pick');
  return value;
}
