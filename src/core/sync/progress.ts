import { z } from 'zod';

/** Where one record type stands in a run. */
export const TypeProgress = z.object({
  objectType: z.string(),
  /** what HubSpot calls a custom object; null for the types of every portal, which pages name themselves */
  label: z.string().nullable().default(null),
  done: z.number().int(),
  /** null when HubSpot did not say */
  total: z.number().int().nullable(),
  state: z.enum(['waiting', 'running', 'done', 'skipped', 'failed']),
  /** why it was skipped or failed, as a sentence */
  reason: z.string().nullable(),
});
export type TypeProgress = z.output<typeof TypeProgress>;

/**
 * How a type stands to HubSpot. complete: as many records are live here as HubSpot counts; settling: they differ as far as search may not have
 * caught up; differs: they do for another reason; unknown: HubSpot did not say.
 */
export const Reconciled = z.enum(['complete', 'settling', 'differs', 'unknown']);
export type Reconciled = z.output<typeof Reconciled>;

/** What a run tells while it runs, a few times a second at most. */
export const SyncProgress = z.object({
  phase: z.enum(['definitions', 'records', 'sweeping', 'associations', 'publishing']),
  types: z.array(TypeProgress),
  /** records whose links were read, and how many there are to read; while records are still read, those that were so far */
  associations: z.object({ done: z.number().int(), total: z.number().int() }),
  /** records that the sweeps of this run have found again, and how many there are to find */
  sweep: z.object({ done: z.number().int(), total: z.number().int() }).default({ done: 0, total: 0 }),
  requests: z.number().int(),
  retries: z.number().int(),
  /** ISO 8601 */
  startedAt: z.string(),
});
export type SyncProgress = z.output<typeof SyncProgress>;

/** How a run ended. */
export const SyncResult = z.object({
  run: z.string(),
  /** complete: all that HubSpot lets us read is in; stopped: its place is kept; failed: so it is, and somebody should look */
  state: z.enum(['complete', 'stopped', 'failed']),
  /** what happened, for people; null when all is well */
  sentence: z.string().nullable(),
  /** whose failure ended a failed run */
  failedAt: z.enum(['hubspot', 'warehouse', 'holdfast']).nullable().default(null),
  /** ISO 8601; when HubSpot's daily quota starts anew */
  resumesAt: z.string().nullable(),
  types: z.array(
    z.object({
      objectType: z.string(),
      label: z.string().nullable().default(null),
      /** records that came, again or for the first time */
      read: z.number().int(),
      /** records that a sweep listed again and compared with what is here; those that were read besides are not among them */
      compared: z.number().int().default(0),
      /** versions that were added */
      changed: z.number().int(),
      state: z.enum(['done', 'skipped', 'unfinished']),
      reason: z.string().nullable(),
      reconciled: Reconciled.default('unknown'),
      /** whether every record of it was read again in this run */
      swept: z.boolean().default(false),
    }),
  ),
  associations: z.object({
    read: z.number().int(),
    changed: z.number().int(),
    failed: z.number().int(),
    skipped: z.array(z.string()),
  }),
  /** what describes records of several types (owners, pipelines, custom objects) and could not be read, each as a sentence */
  refused: z.array(z.string()).default([]),
  /** by how much the clock of this computer was ahead of HubSpot's when the run began, below zero where it was behind; null where HubSpot told no time */
  clockAheadSeconds: z.number().nullable().default(null),
  requests: z.number().int(),
  retries: z.number().int(),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type SyncResult = z.output<typeof SyncResult>;
