/** One measurement, beside what it should be compared with, taken in the same run on the same machine. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  /** the same unit; null where there is nothing to compare with */
  baseline: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
