import type { Driver } from './answer.ts';

const MOST_DOWN = 2;

/** The drivers to name beside a score: those that cost it most, and the one that brings it most. */
export function reasonsOf(drivers: readonly Driver[]): { down: Driver[]; up: Driver | null } {
  const measured = drivers.filter((driver) => driver.value !== null);
  const down = measured
    .filter((driver) => driver.missing > 0)
    .toSorted((a, b) => b.missing - a.missing)
    .slice(0, MOST_DOWN);
  const [up = null] = measured
    .filter((driver) => driver.earned > 0 && !down.includes(driver))
    .toSorted((a, b) => b.earned - a.earned);
  return { down, up };
}
