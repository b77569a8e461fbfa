import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createDaily, type DailyQuota } from './daily.ts';
import {
  DEFAULT_LIMITS,
  ownPermits,
  type BudgetLimits,
  type Kind,
  type Permit,
  type PermitSource,
} from './permits.ts';
import { sharedPermits, type ChangeShared } from './shared-permits.ts';

export interface Budget {
  /**
   * Waits for a permit to start one request; tell it when the request is over. Rejects when the signal aborts first, and with
   * AppError `too_many` as soon as nothing more may start today.
   */
  acquire(kind: Kind, signal?: AbortSignal): Promise<Started>;
  /** HubSpot refused for the rate: everybody waits, and the pace is halved for a while. */
  refused(kind: Kind, waitMs: number): void;
  succeeded(kind: Kind): void;
  /** Takes over limits that HubSpot told. */
  learn(limits: Partial<BudgetLimits>): void;
  /** what HubSpot last said of the daily quota; an app without one never hears of it */
  learnDaily(quota: DailyQuota): void;
  /** HubSpot refused for the day: nothing starts before that moment (ISO 8601), and whoever waits is refused. */
  usedUp(resumesAt: string): void;
  daily(): DailyQuota | null;
}

/** A request under way. */
export interface Started {
  /** It is over: HubSpot answered, or nobody knows whether it ever arrived. */
  ended(answered: boolean): void;
}

export interface BudgetOptions {
  clock: Clock;
  limits?: Partial<BudgetLimits>;
  /** what the processes share that use the same token; without it this one has the limits for itself */
  shared?: { change: ChangeShared; log: Log };
}

interface Waiting {
  kind: Kind;
  /** its place in the order of asking */
  number: number;
  start: (permit: Permit) => void;
  refuse: (reason: Error) => void;
}

/**
 * The budget of one portal and token: permits in the order of asking, of a search and of anything else, so that a full window
 * of one does not hold up the other.
 */
export function createBudget(options: BudgetOptions): Budget {
  const { clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const waiting = { general: new Set<Waiting>(), search: new Set<Waiting>() };
  const daily = createDaily(limits.reserve);
  const alarm = createAlarm(clock, startDue);
  const shared =
    options.shared === undefined
      ? null
      : sharedPermits({
          ...options.shared,
          clock,
          limits,
          onChange: startDue,
          onUsedUp: (resumesAt) => daily.usedUp(resumesAt),
        });
  const source: PermitSource = shared ?? ownPermits(clock, limits);
  let asked = 0;
  const now = (): number => clock.now().getTime();

  // Starts whoever may start, in the order of asking, and comes back when the next one may.
  function startDue(): void {
    const open = new Set<Kind>(['general', 'search']);
    let wait = Infinity;
    for (;;) {
      const next = firstOf([...open].map((kind) => waiting[kind]));
      if (next === null) break;
      const refusal = daily.refusal(now());
      const taken =
        refusal ?? source.take(next.kind, { general: waiting.general.size, search: waiting.search.size });
      if ('waitMs' in taken) {
        open.delete(next.kind);
        wait = Math.min(wait, taken.waitMs);
        continue;
      }
      waiting[next.kind].delete(next);
      if (taken instanceof Error) next.refuse(taken);
      else next.start(taken);
    }
    alarm.set(wait === Infinity ? null : now() + Math.ceil(wait));
  }

  function onEnd(permit: Permit, answered: boolean): void {
    daily.ended();
    if (!answered) return;
    permit.answered();
    if (waiting.general.size + waiting.search.size > 0) startDue(); // its place is free the sooner
  }

  return {
    acquire: (kind, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const onAbort = (): void => {
          waiting[kind].delete(one);
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
          startDue();
        };
        const one: Waiting = {
          kind,
          number: (asked += 1),
          start: (permit) => {
            signal?.removeEventListener('abort', onAbort);
            daily.started();
            resolve({ ended: (answered) => onEnd(permit, answered) });
          },
          refuse: (reason) => {
            signal?.removeEventListener('abort', onAbort);
            reject(reason);
          },
        };
        waiting[kind].add(one);
        signal?.addEventListener('abort', onAbort, { once: true });
        startDue();
      }),
    refused: (kind, waitMs) => source.refused(kind, waitMs),
    succeeded: (kind) => source.succeeded(kind),
    learn: (learned) => {
      source.learn(learned);
      startDue();
    },
    learnDaily: (quota) => {
      daily.learn(quota);
      if (daily.refusal(now()) !== null) startDue();
    },
    usedUp: (resumesAt) => {
      daily.usedUp(resumesAt);
      shared?.usedUp(resumesAt);
      startDue();
    },
    daily: () => daily.last(now()),
  };
}

// Sets keep the order in which things were put in.
function firstOf(queues: readonly Set<Waiting>[]): Waiting | null {
  let first: Waiting | null = null;
  for (const queue of queues) {
    const [head] = queue;
    if (head !== undefined && (first === null || head.number < first.number)) first = head;
  }
  return first;
}

interface Alarm {
  /** when to ring; null for never */
  set(at: number | null): void;
}

function createAlarm(clock: Clock, ring: () => void): Alarm {
  let setFor: number | null = null;
  let off = new AbortController();
  return {
    set: (at) => {
      if (at === setFor) return;
      off.abort();
      setFor = at;
      if (at === null) return;
      off = new AbortController();
      const rings = (): void => {
        setFor = null;
        ring();
      };
      clock.sleep(at - clock.now().getTime(), off.signal).then(rings, () => {}); // aborted when it is set anew
    },
  };
}
