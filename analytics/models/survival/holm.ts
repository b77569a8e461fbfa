/**
 * Holm's step-down correction of several p-values (Holm 1979): each stays in its place, none falls, none exceeds 1, and the order is kept.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = Array.from({ length: values.length }, () => 0);
  let least = 0;
  for (const [rank, { p, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, (values.length - rank) * p));
    adjusted[index] = least;
  }
  return adjusted;
}
