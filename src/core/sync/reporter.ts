import type { SyncContext } from './context.ts';
import type { Reconciled, SyncProgress, SyncResult, TypeProgress } from './progress.ts';
import type { ReadableType } from './read-definitions.ts';

const LEAST_PAUSE_MS = 250;

export interface TypeReporter {
  running: () => void;
  total: (count: number) => void;
  read: (count: number) => void;
  /** records that a sweep listed again */
  compared: (count: number) => void;
  changed: (count: number) => void;
  done: () => void;
  skipped: (reason: string) => void;
  failed: (reason: string) => void;
  reconciled: (state: Reconciled) => void;
  swept: () => void;
}

export interface Reporter {
  begin(types: readonly ReadableType[]): void;
  phase(phase: SyncProgress['phase']): void;
  type(objectType: string): TypeReporter;
  links: (done: number, total: number) => void;
  /** Answers what tells of the sweep of a type: how many records it has found, and how many there are; null when HubSpot does not say. */
  sweep(objectType: string): (done: number, total: number | null) => void;
  types(): {
    objectType: string;
    label: string | null;
    read: number;
    compared: number;
    changed: number;
    state: TypeProgress['state'];
    reason: string | null;
    reconciled: Reconciled;
    swept: boolean;
  }[];
}

type TypeRow = TypeProgress &
  Pick<SyncResult['types'][number], 'compared' | 'changed' | 'reconciled' | 'swept'>;

/** Keeps count of a run and tells of it, four times a second at most. */
export function createReporter(ctx: SyncContext, startedAt: Date): Reporter {
  const types = new Map<string, TypeRow>();
  let phase: SyncProgress['phase'] = 'definitions';
  let associations = { done: 0, total: 0 };
  const swept = new Map<string, { done: number; total: number }>();
  let lastAt = 0;

  const usedBefore = ctx.hubspot.usage();
  const tell = (now = false): void => {
    const at = ctx.clock.now().getTime();
    if (!now && at - lastAt < LEAST_PAUSE_MS) return;
    lastAt = at;
    const used = ctx.hubspot.usage();
    const requests = used.requests - usedBefore.requests;
    const retries = used.retries - usedBefore.retries;
    const rows = [...types.values()].map(({ objectType, label, done, total, state, reason }) => ({
      objectType,
      label,
      done,
      total,
      state,
      reason,
    }));
    ctx.onProgress({
      phase,
      types: rows,
      associations,
      sweep: sum([...swept.values()]),
      requests,
      retries,
      startedAt: startedAt.toISOString(),
    });
  };
  const change = (objectType: string, values: Partial<TypeProgress>, now = false): void => {
    const row = types.get(objectType);
    if (row === undefined) return;
    Object.assign(row, values);
    tell(now);
  };
  tell(true);
  return {
    begin: (readable) => {
      phase = 'records';
      for (const type of readable) {
        types.set(type.objectType, {
          objectType: type.objectType,
          label: type.label,
          done: 0,
          total: null,
          ...beginningOf(type),
          compared: 0,
          changed: 0,
          reconciled: 'unknown',
          swept: false,
        });
      }
      tell(true);
    },
    phase: (next) => {
      phase = next;
      tell(true);
    },
    links: (done, total) => {
      associations = { done, total };
      tell(done === total);
    },
    sweep: (objectType) => (done, total) => {
      swept.set(objectType, { done, total: Math.max(done, total ?? 0) });
      tell();
    },
    type: (objectType) => ({
      running: () => change(objectType, { state: 'running' }, true),
      total: (total) => change(objectType, { total }),
      read: (count) => change(objectType, { done: (types.get(objectType)?.done ?? 0) + count }),
      compared: (count) => {
        const row = types.get(objectType);
        if (row !== undefined) row.compared += count;
      },
      changed: (count) => {
        const row = types.get(objectType);
        if (row !== undefined) row.changed += count;
      },
      done: () => change(objectType, { state: 'done' }, true),
      reconciled: (state) => {
        const row = types.get(objectType);
        if (row !== undefined) row.reconciled = state;
      },
      swept: () => {
        const row = types.get(objectType);
        if (row !== undefined) row.swept = true;
      },
      skipped: (reason) => change(objectType, { state: 'skipped', reason }, true),
      failed: (reason) => change(objectType, { state: 'failed', reason }, true),
    }),
    types: () =>
      [...types.values()].map(
        ({ objectType, label, done, compared, changed, state, reason, reconciled, swept: isSwept }) => ({
          objectType,
          label,
          read: done,
          compared,
          changed,
          state,
          reason,
          reconciled,
          swept: isSwept,
        }),
      ),
  };
}

function beginningOf(type: ReadableType): Pick<TypeProgress, 'state' | 'reason'> {
  if ('refused' in type) return { state: 'skipped', reason: type.refused };
  if ('failed' in type) return { state: 'failed', reason: type.failed };
  return { state: 'waiting', reason: null };
}

function sum(parts: readonly { done: number; total: number }[]): { done: number; total: number } {
  return parts.reduce((all, part) => ({ done: all.done + part.done, total: all.total + part.total }), {
    done: 0,
    total: 0,
  });
}
