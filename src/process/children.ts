import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Log } from '../core/log.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const STOP_GRACE_MS = 20_000;
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived this long was well; its next death starts the pauses from the shortest again. */
const WELL_AFTER_MS = 60_000;

export interface ChildOptions {
  name: string;
  /** arguments of the command line that the child runs */
  args: readonly string[];
  env?: Record<string, string>;
  log: Log;
  /** Called for every new process, before it can have said anything. */
  onSpawn?(child: ChildProcess): void;
  /** The child's facts: what it sent with `tellParent`. */
  onReport?(report: ChildReport): void;
}

/** What a child tells its parent, beside the store's own messages on the same channel. */
const ChildReport = z.discriminatedUnion('type', [
  z.object({ holdfast: z.literal('child'), type: z.literal('ready'), url: z.string().nullable() }),
  z.object({ holdfast: z.literal('child'), type: z.literal('alive'), rssBytes: z.number() }),
  z.object({ holdfast: z.literal('child'), type: z.literal('refused'), message: z.string() }),
]);
export type ChildReport = z.output<typeof ChildReport>;

type Untagged<Report> = Report extends unknown ? Omit<Report, 'holdfast'> : never;

export interface SupervisedChild {
  /** Resolves with the child's first `ready`; rejects when the child refused to start with a sentence. */
  ready: Promise<{ url: string | null }>;
  /** ms since 1970 of the last sign of life; null before the first */
  lastAliveAt(): number | null;
  stop(): Promise<void>;
}

/**
 * Young objects get 8 MB a half instead of 64: pages that a sync reads are garbage at once, and a hundred megabytes of it made nothing quicker.
 */
export const CHILD_FLAGS = ['--max-semi-space-size=8'];

/**
 * Keeps a child process of this program running at low priority, so that pages come first: when it dies it
 * is started again after a pause that doubles from half a second to half a minute.
 */
export function superviseChild(options: ChildOptions): SupervisedChild {
  const { log, name } = options;
  let child: ChildProcess | null = null;
  let stopping = false;
  let pause = SHORTEST_PAUSE_MS;
  let lastAlive: number | null = null;
  let restart: NodeJS.Timeout | undefined;
  const first = Promise.withResolvers<{ url: string | null }>();
  first.promise.catch(() => {}); // whoever does not wait for the child must not crash of it

  const onMessage = (message: unknown): void => {
    const report = ChildReport.safeParse(message);
    if (!report.success) return; // the store's messages travel on the same channel
    lastAlive = Date.now();
    if (report.data.type === 'ready') first.resolve({ url: report.data.url });
    if (report.data.type === 'refused') first.reject(new Error(report.data.message));
    options.onReport?.(report.data);
  };

  const start = (): void => {
    const startedAt = Date.now();
    const started = fork(MAIN, [...options.args], {
      execArgv: [...process.execArgv, ...CHILD_FLAGS],
      serialization: 'advanced',
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    lowerPriority(started, log);
    options.onSpawn?.(started);
    started.on('message', onMessage);
    started.on('error', (error) => log.error('a child process could not be started', { child: name, error }));
    started.on('exit', (code, signal) => {
      child = null;
      if (stopping) return;
      if (Date.now() - startedAt > WELL_AFTER_MS) pause = SHORTEST_PAUSE_MS;
      log.warn('a child process ended and is started again', { child: name, code, signal, pauseMs: pause });
      restart = setTimeout(start, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  };

  start();
  return {
    ready: first.promise,
    lastAliveAt: () => lastAlive,
    stop: () => {
      stopping = true;
      clearTimeout(restart);
      return child === null ? Promise.resolve() : endChild(child);
    },
  };
}

function lowerPriority(child: ChildProcess, log: Log): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.debug('the priority of a child process could not be lowered', { error });
  }
}

function endChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The child's side: tells the parent something; does nothing when there is no parent any more. */
export function tellParent(report: Untagged<ChildReport>): void {
  if (process.connected) process.send?.({ holdfast: 'child', ...report });
}

/**
 * The child's side: calls `stop` once when the parent asks for it (SIGTERM) or is gone. SIGINT is left to the
 * parent: on a terminal Ctrl-C reaches both, and the parent stops its children in order.
 */
export function onParentStop(stop: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    stop();
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', () => {});
  process.on('disconnect', once);
}
