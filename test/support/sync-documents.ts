import type { SyncProgress, SyncResult, TypeProgress } from '../../src/core/sync/progress.ts';
import { NOON } from './web.ts';

/** One record type in a run's progress; waiting unless told otherwise. */
export function typeRow(objectType: string, values: Partial<TypeProgress> = {}): TypeProgress {
  return { objectType, label: null, done: 0, total: null, state: 'waiting', reason: null, ...values };
}

/** What a run tells while it reads records. */
export function progressOf(values: Partial<SyncProgress>): SyncProgress {
  return {
    phase: 'records',
    types: [],
    associations: { done: 0, total: 0 },
    sweep: { done: 0, total: 0 },
    requests: 5,
    retries: 0,
    startedAt: NOON.toISOString(),
    ...values,
  };
}

/** How a run left one record type: read, and nothing in it new, unless told otherwise. */
export function typeResult(
  objectType: string,
  values: Partial<SyncResult['types'][number]> = {},
): SyncResult['types'][number] {
  return {
    objectType,
    label: null,
    read: 0,
    compared: 0,
    changed: 0,
    state: 'done',
    reason: null,
    reconciled: 'unknown',
    swept: false,
    ...values,
  };
}

/** How a run ended: well, at noon, unless told otherwise. */
export function resultOf(values: Partial<SyncResult>): SyncResult {
  return {
    run: 'run',
    state: 'complete',
    sentence: null,
    failedAt: null,
    resumesAt: null,
    types: [],
    associations: { read: 0, changed: 0, failed: 0, skipped: [] },
    refused: [],
    clockAheadSeconds: null,
    requests: 3,
    retries: 0,
    startedAt: NOON.toISOString(),
    finishedAt: NOON.toISOString(),
    ...values,
  };
}
