/** The distinct values in ascending order. */
export function distinct(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  let kept = 0;
  for (let k = 0; k < sorted.length; k += 1) {
    const value = sorted[k] ?? NaN;
    if (kept > 0 && sorted[kept - 1] === value) continue;
    sorted[kept] = value;
    kept += 1;
  }
  return sorted.slice(0, kept);
}

/** How many of the ascending values are below x. */
export function countBelow(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? NaN) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending values are at most x. */
export function countUpTo(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? NaN) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function add(cells: Float64Array, index: number, amount: number): void {
  cells[index] = (cells[index] ?? 0) + amount;
}
