import type { Clock } from '../core/clock.ts';

/** HubSpot's own limits of one app on one portal. */
export interface BudgetLimits {
  /** requests in any `intervalMs` */
  burst: number;
  intervalMs: number;
  /** searches in any second, shared by every app of the account */
  search: number;
}

export interface Budget {
  /** Waits for a permit to start one request. Rejects when the signal aborts first. */
  acquire(kind: Kind, signal?: AbortSignal): Promise<void>;
  /** HubSpot refused for the rate: everybody waits, and the pace is halved for a while. */
  refused(kind: Kind, waitMs: number): void;
  succeeded(kind: Kind): void;
  /** Takes over limits that HubSpot told. */
  learn(limits: Partial<BudgetLimits>): void;
  /** what HubSpot last said of the daily quota; an app without one never hears of it */
  learnDaily(daily: { limit: number; remaining: number }): void;
  daily(): { limit: number; remaining: number } | null;
}

const DEFAULTS: BudgetLimits = { burst: 100, intervalMs: 10_000, search: 5 };
/** Requests arrive less evenly than they start; the margin keeps HubSpot's window from seeing one too many. */
const MARGIN = 1.02;
/** The pace in percent of what is allowed. */
const FULL_PACE = 100;
const SLOWEST_PACE = 5;
const PACE_STEP = 10;
const SUCCESSES_PER_STEP = 50;

type Kind = 'general' | 'search';
interface Waiting {
  kind: Kind;
  start: () => void;
}

/**
 * Permits for one portal: never more than the limit in any rolling window of ours, halved when HubSpot refuses and
 * grown back by a tenth for every fifty successes. Unlike a fixed window it cannot let two bursts meet at a border.
 * A search counts in both windows at the moment it starts.
 */
export function createBudget(options: { clock: Clock; limits?: Partial<BudgetLimits> }): Budget {
  const { clock } = options;
  const limits = { ...DEFAULTS, ...options.limits };
  const general = createWindow(() => ({ most: limits.burst, ms: limits.intervalMs * MARGIN }));
  const search = createWindow(() => ({ most: limits.search, ms: 1000 * MARGIN }));
  const windows = { general: [general], search: [general, search] };
  let waiting: Waiting[] = [];
  let alarm = new AbortController();
  let daily: { limit: number; remaining: number } | null = null;

  const now = (): number => clock.now().getTime();
  const waitOf = (kind: Kind): number => Math.max(...windows[kind].map((window) => window.waitMs(now())));

  // Starts whoever may start, in the order of asking, and comes back when the next one may.
  function startDue(): void {
    alarm.abort();
    const asked = waiting;
    waiting = [];
    for (const one of asked) {
      if (waitOf(one.kind) > 0) {
        waiting.push(one);
        continue;
      }
      for (const window of windows[one.kind]) window.start(now());
      one.start();
    }
    if (waiting.length === 0) return;
    alarm = new AbortController();
    const wait = Math.ceil(Math.min(...[...new Set(waiting.map((one) => one.kind))].map(waitOf)));
    clock.sleep(wait, alarm.signal).then(startDue, () => {}); // aborted when somebody else sets a new alarm
  }

  return {
    acquire: (kind, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const onAbort = (): void => {
          waiting = waiting.filter((other) => other !== one);
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
          startDue();
        };
        const start = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const one = { kind, start };
        waiting.push(one);
        signal?.addEventListener('abort', onAbort, { once: true });
        startDue();
      }),
    refused: (kind, waitMs) => {
      (kind === 'search' ? search : general).refused(now(), waitMs);
    },
    succeeded: (kind) => {
      for (const window of windows[kind]) window.succeeded();
    },
    learn: (learned) => {
      Object.assign(limits, learned);
      if (waiting.length > 0) startDue();
    },
    learnDaily: (learned) => {
      daily = learned;
    },
    daily: () => daily,
  };
}

interface RollingWindow {
  /** how long until one more may start */
  waitMs(now: number): number;
  start(now: number): void;
  refused(now: number, waitMs: number): void;
  succeeded(): void;
}

function createWindow(limit: () => { most: number; ms: number }): RollingWindow {
  let starts: number[] = [];
  let longestMs = 0;
  let pausedUntil = 0;
  let pace = FULL_PACE;
  let successes = 0;
  return {
    waitMs: (now) => {
      const { most, ms } = limit();
      // Kept for the longest interval ever told: a limit may grow back to it.
      longestMs = Math.max(longestMs, ms);
      starts = starts.filter((at) => at > now - longestMs);
      const inWindow = starts.filter((at) => at > now - ms);
      const allowed = Math.max(1, Math.floor((most * pace) / FULL_PACE));
      const blocker = inWindow[inWindow.length - allowed];
      return Math.max(pausedUntil - now, blocker === undefined ? 0 : blocker + ms - now, 0);
    },
    start: (now) => void starts.push(now),
    refused: (now, waitMs) => {
      // Requests that were under way together are refused together: that is one refusal.
      if (now >= pausedUntil) pace = Math.max(SLOWEST_PACE, Math.floor(pace / 2));
      pausedUntil = Math.max(pausedUntil, now + waitMs);
      successes = 0;
    },
    succeeded: () => {
      if (pace >= FULL_PACE) return;
      successes += 1;
      if (successes < SUCCESSES_PER_STEP) return;
      successes = 0;
      pace = Math.min(FULL_PACE, pace + PACE_STEP);
    },
  };
}
