/** A pivot so small against the largest is a direction in which nothing varies. */
const NO_VARIANCE = 1e-10;

/**
 * x' V^- x with the rank of V, for a symmetric V without negative eigenvalues that may be singular: the statistic of a test and its degrees of
 * freedom. Gaussian elimination with the largest diagonal element first. x must lie in the range of V, as differences that add up to 0 do.
 */
export function quadraticForm(
  x: Float64Array,
  matrix: readonly Float64Array[],
): { value: number; rank: number } {
  const rest = Float64Array.from(x);
  const rows = matrix.map((row) => Float64Array.from(row));
  const open = new Set(rows.keys());
  const largest = Math.max(0, ...rows.map((row, k) => row[k] ?? 0));
  let value = 0;
  let rank = 0;
  while (open.size > 0) {
    const pivot = [...open].reduce((best, k) => (diagonal(rows, k) > diagonal(rows, best) ? k : best));
    if (!(diagonal(rows, pivot) > NO_VARIANCE * largest)) break;
    open.delete(pivot);
    value += (rest[pivot] ?? 0) ** 2 / diagonal(rows, pivot);
    rank += 1;
    eliminate({ rest, rows, open }, pivot);
  }
  return { value, rank };
}

function diagonal(rows: readonly Float64Array[], k: number): number {
  return rows[k]?.[k] ?? 0;
}

function eliminate(
  { rest, rows, open }: { rest: Float64Array; rows: readonly Float64Array[]; open: ReadonlySet<number> },
  pivot: number,
): void {
  const source = rows[pivot];
  if (!source) return;
  for (const k of open) {
    const target = rows[k];
    if (!target) continue;
    const factor = (target[pivot] ?? 0) / diagonal(rows, pivot);
    rest[k] = (rest[k] ?? 0) - factor * (rest[pivot] ?? 0);
    for (const j of open) target[j] = (target[j] ?? 0) - factor * (source[j] ?? 0);
  }
}
