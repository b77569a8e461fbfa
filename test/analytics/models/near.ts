import { expect } from 'vitest';

/** Relative distance from a trusted value, absolute where that one is 0. */
export function expectNear(got: number, wanted: number, tolerance: number): void {
  const distance = Math.abs(got - wanted) / (wanted === 0 ? 1 : Math.abs(wanted));
  expect(distance, `${got} is not ${wanted}`).toBeLessThanOrEqual(tolerance);
}
