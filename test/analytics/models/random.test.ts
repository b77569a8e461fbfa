import { expect, it } from 'vitest';
import { seededRandom } from '../../../analytics/models/random.ts';

it('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => random.unit());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it('the first numbers of neighbouring seeds are spread as evenly as any', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => seededRandom(seed + 1).unit());
  const counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const value of firsts) counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1;
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(60);
  const steps = firsts.slice(1).map((value, k) => value - (firsts[k] ?? 0));
  expect(new Set(steps.map((step) => Math.sign(step))).size).toBe(2);
});

it('whole numbers below a bound all come, and no other', () => {
  const random = seededRandom(3);
  const seen = new Set(Array.from({ length: 500 }, () => random.below(7)));
  expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(() => seededRandom(0.5)).toThrow('whole number');
});
