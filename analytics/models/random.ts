import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { skipN } from 'pure-rand/utils/skipN';

/** The first outputs of xoroshiro128+ from neighbouring seeds are nearly the same number; after these they are not. */
const WARM_UP = 64;

/** A stream of random numbers that is the same on every machine for the same seed. */
export interface Random {
  /** A whole number from 0 to `bound` - 1, each as likely. */
  below(bound: number): number;
  /** A number from 0 (included) to 1 (excluded), in steps of 2^-53. */
  unit(): number;
}

/** xoroshiro128+ (Blackman & Vigna 2018) from a whole number as seed. */
export function seededRandom(seed: number): Random {
  if (!Number.isInteger(seed)) throw new RangeError(`A seed is a whole number; got ${seed}.`);
  const generator = xoroshiro128plus(seed);
  skipN(generator, WARM_UP);
  return {
    below: (bound) => uniformInt(generator, 0, bound - 1),
    unit: () => uniformFloat64(generator),
  };
}
