import { z } from 'zod';

const Counts = z.object({
  /** rows behind the header, blank lines included */
  read: z.number(),
  fresh: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  /** equal to an earlier row of the same file */
  merged: z.number(),
  skipped: z.number(),
  rejected: z.number(),
  /** stored from an earlier import, and not in this file */
  kept: z.number(),
});
export type Counts = z.output<typeof Counts>;

const Reject = z.object({
  file: z.string(),
  line: z.number(),
  kind: z.string(),
  id: z.string().nullable(),
  field: z.string().nullable(),
  reason: z.string(),
  detail: z.string(),
});
export type Reject = z.output<typeof Reject>;

const FileResult = Counts.extend({
  file: z.string(),
  kind: z.string(),
  /** how many rows were skipped by which rule */
  skippedBy: z.record(z.string(), z.number()),
  /** how many rows were rejected for which reason */
  rejectedBy: z.record(z.string(), z.number()),
});
export type FileResult = z.output<typeof FileResult>;

const Contradiction = z.object({
  check: z.string(),
  sentence: z.string(),
  found: z.number(),
  /** of how many that could have shown it */
  of: z.number(),
  examples: z.array(z.string()),
});
export type Contradiction = z.output<typeof Contradiction>;

/** What an import did; every row that was read is in exactly one count. */
export const ImportResult = z.object({
  portal: z.string(),
  at: z.string(),
  seconds: z.number(),
  files: z.array(FileResult),
  total: Counts,
  /** the first rejected rows; the file has all */
  rejects: z.array(Reject),
  rejectsFile: z.string().nullable(),
  keptFile: z.string().nullable(),
  contradictions: z.array(Contradiction),
  notes: z.array(z.string()),
});
export type ImportResult = z.output<typeof ImportResult>;

export const NO_COUNTS: Counts = {
  read: 0,
  fresh: 0,
  changed: 0,
  unchanged: 0,
  merged: 0,
  skipped: 0,
  rejected: 0,
  kept: 0,
};

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum = { ...NO_COUNTS };
  for (const counts of all) {
    for (const key of Object.keys(NO_COUNTS) as (keyof Counts)[]) sum[key] += counts[key];
  }
  return sum;
}

/** Whether every row is in one count. */
export function isAccountedFor(counts: Counts): boolean {
  const { read, fresh, changed, unchanged, merged, skipped, rejected } = counts;
  return read === fresh + changed + unchanged + merged + skipped + rejected;
}
