import type { Cohort } from '../../../src/core/reports/cohorts.ts';

/** Money to the ten-thousandth, which is what it is counted in. */
export function rounded(cohorts: readonly Cohort[]): Cohort[] {
  const round = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 1e4) / 1e4;
  return cohorts.map((cohort) => ({
    ...cohort,
    money: round(cohort.money),
    cells: cohort.cells.map((cell) => ({ ...cell, value: round(cell.value), base: round(cell.base) })),
  }));
}

/** The cohorts of parts together, by when they began. */
export function summed(parts: readonly Cohort[]): Cohort[] {
  return [...Map.groupBy(parts, ({ start }) => start).values()]
    .map((same) => same.reduce(together))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
}

function together(a: Cohort, b: Cohort): Cohort {
  return {
    start: a.start,
    size: a.size + b.size,
    money: plus(a.money, b.money),
    unknown: a.unknown + b.unknown,
    cells: a.cells.map((cell, age) => {
      const other = b.cells[age];
      if (other === undefined) throw new Error(`no age ${age}`);
      return {
        age,
        active: cell.active + other.active,
        members: cell.members + other.members,
        paused: cell.paused + other.paused,
        value: plus(cell.value, other.value),
        base: plus(cell.base, other.base),
        unknown: cell.unknown + other.unknown,
        isImmature: cell.isImmature,
      };
    }),
  };
}

/** What is not known of one part is left out of the whole. */
function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}
