import { STANDARD_TYPES } from '../sync/object-types.ts';
import type { SyncProgress, TypeProgress } from '../sync/progress.ts';
import type { SyncFacts } from './overview.ts';

/** Where a sync stands, ready to be shown: the page and its script draw the same thing from it. */
export interface SyncView {
  /** waiting: none has ever started; idle: the last one has ended */
  state: 'waiting' | 'running' | 'idle';
  /** another text after every end and every publication: whoever holds an old one shows something old */
  stamp: string;
  phase: SyncProgress['phase'];
  /** how far the run is, 0 to 1; never falls within a run */
  share: number;
  types: TypeProgress[];
  links: SyncProgress['associations'];
  records: number;
  requests: number;
  startedAt: Date | null;
}

/** What part of the way each phase is. Guessed: the reading of records and links takes nearly all the time. */
const PHASES = {
  definitions: { from: 0, to: 0.03 },
  records: { from: 0.03, to: 0.75 },
  sweeping: { from: 0.75, to: 0.8 },
  associations: { from: 0.8, to: 0.97 },
  publishing: { from: 0.97, to: 1 },
} satisfies Record<SyncProgress['phase'], { from: number; to: number }>;

export function viewSync(facts: SyncFacts): SyncView {
  const { progress, startedAt, finishedAt, publishedAt } = facts;
  const isRunning = startedAt !== null && (finishedAt === null || finishedAt < startedAt);
  const types = progress?.types ?? [];
  return {
    state: startedAt === null ? 'waiting' : isRunning ? 'running' : 'idle',
    stamp: [finishedAt, publishedAt].map((at) => at?.getTime() ?? 0).join('-'),
    phase: progress?.phase ?? 'definitions',
    share: isRunning && progress !== null ? shareOf(progress) : 0,
    types: types.length > 0 ? types : STANDARD_TYPES.map(notBegun),
    links: progress?.associations ?? { done: 0, total: 0 },
    records: types.reduce((sum, type) => sum + type.done, 0),
    requests: progress?.requests ?? 0,
    startedAt: isRunning ? startedAt : null,
  };
}

function notBegun(objectType: string): TypeProgress {
  return { objectType, label: null, done: 0, total: null, state: 'waiting', reason: null };
}

function shareOf({ phase, types, associations, sweep }: SyncProgress): number {
  const { from, to } = PHASES[phase];
  const inner = {
    definitions: 0,
    records: shareOfTypes(types),
    sweeping: part(sweep),
    associations: part(associations),
    publishing: 0,
  };
  return from + (to - from) * inner[phase];
}

// Every type counts the same: totals become known one by one, and a bar that weighed by them would go backwards.
function shareOfTypes(types: readonly TypeProgress[]): number {
  const done = types.reduce((sum, type) => sum + (isOver(type) ? 1 : part(type)), 0);
  return types.length === 0 ? 0 : done / types.length;
}

function isOver(type: TypeProgress): boolean {
  return type.state === 'done' || type.state === 'skipped' || type.state === 'failed';
}

function part({ done, total }: { done: number; total: number | null }): number {
  return total === null || total === 0 ? 0 : Math.min(1, done / total);
}
