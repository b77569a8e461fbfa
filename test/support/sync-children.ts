import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SyncProgress } from '../../src/core/sync/progress.ts';
import { serveStore } from '../../src/store/remote.ts';
import type { Store } from '../../src/store/sql.ts';
import { ChildSays } from './sync-child-messages.ts';

const CHILD = new URL('./sync-child.ts', import.meta.url).pathname;

export type Phase = SyncProgress['phase'];

/** When a child is to be killed: in which phase, and how long after the phase began. */
export interface KillAt {
  phase: Phase;
  afterMs: number;
}

export interface ChildRun {
  store: Store;
  dataDir: string;
  apiUrl: string;
  portal: PortalId;
  /** a step at which the child kills itself, the how-manieth time it comes by */
  step?: { name: string; times: number };
  kill?: KillAt;
  /** whether every type is swept; when its time has come, when left out */
  sweep?: 'due' | 'all';
}

export interface ChildOutcome {
  /** `killed`, or how the sync ended */
  ended: string;
  /** the phase it was in at the end; null before the sync had begun */
  phase: Phase | null;
  /** how long each phase took that came to its end */
  tookMs: Partial<Record<Phase, number>>;
}

/** Runs syncs in child processes, one after the other; the next one loads its modules while the one before works. */
export interface SyncChildren {
  run(options: ChildRun): Promise<ChildOutcome>;
  close(): Promise<void>;
}

export async function openSyncChildren(): Promise<SyncChildren> {
  const cache = await mkdtemp(join(tmpdir(), 'holdfast-compiled-'));
  const start = (): Promise<ChildProcess> => {
    const child = fork(CHILD, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    });
    return once(child, 'message').then(() => child);
  };
  let next = start();
  return {
    run: async (options) => {
      const child = await next;
      next = start();
      return runChild(child, options);
    },
    close: async () => {
      const idle = await next;
      idle.kill('SIGKILL');
      await once(idle, 'exit');
      await rm(cache, { recursive: true, force: true });
    },
  };
}

async function runChild(child: ChildProcess, options: ChildRun): Promise<ChildOutcome> {
  const { store, dataDir, apiUrl, portal, step, kill, sweep = 'due' } = options;
  serveStore(store, child, silentLog);
  const outcome: ChildOutcome = { ended: '', phase: null, tookMs: {} };
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message) => {
    const said = ChildSays.safeParse(message).data;
    if (said?.syncChild === 'phase' || said?.syncChild === 'ended') {
      if (outcome.phase !== null) outcome.tookMs[outcome.phase] = performance.now() - since;
      since = performance.now();
    }
    if (said?.syncChild === 'phase') outcome.phase = said.phase;
    if (said?.syncChild === 'ended')
      outcome.ended = `${said.state}${said.sentence === null ? '' : `: ${said.sentence}`}`;
    // A phase may be over before it is heard of; then the next one is hit.
    if (
      said?.syncChild === 'phase' &&
      kill !== undefined &&
      timer === undefined &&
      isAt(said.phase, kill.phase)
    )
      timer = setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  });
  child.send({
    syncChild: 'task',
    dataDir,
    apiUrl,
    portal,
    step: step?.name ?? '',
    times: step?.times ?? 1,
    sweep,
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (signal === 'SIGKILL') return { ...outcome, ended: 'killed' };
  return outcome.ended === '' ? { ...outcome, ended: `ended with ${code}` } : outcome;
}

const ORDER: readonly Phase[] = ['definitions', 'records', 'sweeping', 'associations', 'publishing'];

function isAt(phase: Phase, wanted: Phase): boolean {
  return ORDER.indexOf(phase) >= ORDER.indexOf(wanted);
}
