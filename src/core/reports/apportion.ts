/**
 * `parts` as whole numbers that sum to `total`, which is their rounded sum: each rounded down, and what is left goes one by one to the largest
 * remainders (Hamilton's method; the first of equals).
 */
export function apportion(parts: readonly number[], total: number): number[] {
  if (parts.length === 0) return [];
  const whole = parts.map(Math.floor);
  const order = parts
    .map((part, n) => ({ n, rest: part - Math.floor(part) }))
    .toSorted((a, b) => b.rest - a.rest || a.n - b.n);
  const left = total - whole.reduce((all, part) => all + part, 0);
  const step = Math.sign(left);
  for (let given = 0; given < Math.abs(left); given += 1) {
    // Too much is taken from the smallest remainders first.
    const place = (step > 0 ? given : order.length - 1 - given) % order.length;
    const n = order.at(place)?.n ?? 0;
    whole[n] = (whole[n] ?? 0) + step;
  }
  return whole;
}
