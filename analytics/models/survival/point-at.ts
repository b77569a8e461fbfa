/** The point of a curve that holds at an age: the last one at or before it. Null before the first. Points ascend in time. */
export function pointAt<Point extends { readonly time: number }>(
  points: readonly Point[],
  time: number,
): Point | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return points[low - 1] ?? null;
}
