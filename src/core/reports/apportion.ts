/**
 * `parts` as whole numbers that sum to `total`, which is their rounded sum: each cut off, and what is left goes one by one to the largest
 * remainders (Hamilton's method; the first of equals). The negated parts of the negated total are the negated numbers.
 */
export function apportion(parts: readonly number[], total: number): number[] {
  if (parts.length === 0) return [];
  const whole = parts.map((part) => Math.trunc(steady(part)));
  const left = total - whole.reduce((all, part) => all + part, 0);
  const step = Math.sign(left);
  const order = parts
    .map((part, n) => ({ n, rest: steady(step * (steady(part) - (whole[n] ?? 0))) }))
    .toSorted((a, b) => b.rest - a.rest || a.n - b.n);
  for (let given = 0; given < Math.abs(left); given += 1) {
    const n = order.at(given % order.length)?.n ?? 0;
    whole[n] = (whole[n] ?? 0) + step;
  }
  // no -0
  return whole.map((part) => part + 0);
}

/** Without the last digits, which depend on the order in which a sum was made, equals stay equals. */
function steady(part: number): number {
  return Math.round(part * 1e4) / 1e4;
}
