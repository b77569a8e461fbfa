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
  acquire(kind: 'general' | 'search', signal?: AbortSignal): Promise<void>;
  /** HubSpot refused for the rate: everybody waits, and the pace is halved for a while. */
  refused(kind: 'general' | 'search', waitMs: number): void;
  succeeded(kind: 'general' | 'search'): void;
  /** Takes over limits that HubSpot told. */
  learn(limits: Partial<BudgetLimits>): void;
  /** what HubSpot last said of the daily quota; an app without one never hears of it */
  learnDaily(daily: { limit: number; remaining: number }): void;
  daily(): { limit: number; remaining: number } | null;
}

const DEFAULTS: BudgetLimits = { burst: 100, intervalMs: 10_000, search: 5 };
/** Requests arrive less evenly than they start; the margin keeps HubSpot's window from seeing one too many. */
const MARGIN = 1.02;
const SLOWEST = 0.05;
const SUCCESSES_PER_STEP = 50;
const STEP = 0.1;

/**
 * Permits for one portal: never more than the limit in any rolling window of ours, halved when HubSpot refuses and
 * grown back by a tenth for every fifty successes. Unlike a fixed window it cannot let two bursts meet at a border.
 */
export function createBudget(options: { clock: Clock; limits?: Partial<BudgetLimits> }): Budget {
  const limits = { ...DEFAULTS, ...options.limits };
  let daily: { limit: number; remaining: number } | null = null;
  const lanes = {
    general: createLane(options.clock, () => ({ most: limits.burst, ms: limits.intervalMs * MARGIN })),
    search: createLane(options.clock, () => ({ most: limits.search, ms: 1000 * MARGIN })),
  };
  return {
    acquire: async (kind, signal) => {
      if (kind === 'search') await lanes.search.acquire(signal);
      await lanes.general.acquire(signal);
    },
    refused: (kind, waitMs) => lanes[kind].refused(waitMs),
    succeeded: (kind) => {
      lanes.general.succeeded();
      if (kind === 'search') lanes.search.succeeded();
    },
    learn: (learned) => void Object.assign(limits, learned),
    learnDaily: (learned) => {
      daily = learned;
    },
    daily: () => daily,
  };
}

interface Lane {
  acquire(signal?: AbortSignal): Promise<void>;
  refused(waitMs: number): void;
  succeeded(): void;
}

function createLane(clock: Clock, limit: () => { most: number; ms: number }): Lane {
  const waiting: { start: () => void; signal: AbortSignal | undefined }[] = [];
  let starts: number[] = [];
  let pausedUntil = 0;
  let pace = 1;
  let successes = 0;
  let draining = false;

  const waitMs = (): number => {
    const now = clock.now().getTime();
    const { most, ms } = limit();
    starts = starts.filter((at) => at > now - ms);
    const allowed = Math.max(1, Math.floor(most * pace));
    const blocker = starts.length < allowed ? undefined : starts[starts.length - allowed];
    return Math.max(pausedUntil - now, blocker === undefined ? 0 : blocker + ms - now + 1, 0);
  };
  // One loop lets everybody go in turn, so that after a refusal all wait for the same moment.
  const drain = async (): Promise<void> => {
    draining = true;
    while (waiting.length > 0) {
      const wait = waitMs();
      if (wait > 0) {
        await clock.sleep(wait);
        continue;
      }
      const next = waiting.shift();
      if (next === undefined || next.signal?.aborted === true) continue;
      starts.push(clock.now().getTime());
      next.start();
    }
    draining = false;
  };
  return {
    acquire: (signal) => {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        waiting.push({ start: resolve, signal });
        signal?.addEventListener(
          'abort',
          () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
          { once: true },
        );
        if (!draining) drain().catch(reject);
      });
    },
    refused: (wait) => {
      pausedUntil = Math.max(pausedUntil, clock.now().getTime() + wait);
      pace = Math.max(SLOWEST, pace / 2);
      successes = 0;
    },
    succeeded: () => {
      if (pace >= 1) return;
      successes += 1;
      if (successes < SUCCESSES_PER_STEP) return;
      successes = 0;
      pace = Math.min(1, pace + STEP);
    },
  };
}
