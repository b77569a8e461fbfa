import type { Clock } from '../../core/clock.ts';
import type { FakeReply } from './types.ts';

export interface FakeLimits {
  /** requests in any ten seconds */
  burst: number;
  /** searches in any second */
  search: number;
  /** requests a day; null for an app without a daily limit */
  daily: number | null;
}

export interface LimitGate {
  /** Counts a request; answers a 429 when it is over a limit. */
  admit(isSearch: boolean): FakeReply | null;
  /** the headers HubSpot puts on everything but search */
  headers(isSearch: boolean): Record<string, string>;
  change(limits: Partial<FakeLimits>): void;
}

const BURST_MS = 10_000;
const SECOND_MS = 1000;

/** The limits of one app on one account. The daily one starts anew at the account's midnight. */
export function createLimitGate(clock: Clock, initial: FakeLimits, timeZone = 'UTC'): LimitGate {
  const limits = { ...initial };
  const starts = createWindow(BURST_MS);
  const searches = createWindow(SECOND_MS);
  const dayIn = new Intl.DateTimeFormat('en-CA', { timeZone });
  let day = '';
  let today = 0;
  return {
    change: (changed) => void Object.assign(limits, changed),
    admit: (isSearch) => {
      const now = clock.now().getTime();
      if (limits.daily !== null) {
        if (dayIn.format(now) !== day) today = 0;
        day = dayIn.format(now);
        today += 1;
        if (today > limits.daily) return tooMany('DAILY');
      }
      if (starts.count(now) >= limits.burst) return tooMany('TEN_SECONDLY_ROLLING');
      if (isSearch && searches.count(now) >= limits.search) return tooMany('SECONDLY');
      starts.add(now);
      if (isSearch) searches.add(now);
      return null;
    },
    headers: (isSearch): Record<string, string> => {
      if (isSearch) return {};
      const left = Math.max(0, limits.burst - starts.count(clock.now().getTime()));
      return {
        'x-hubspot-ratelimit-max': String(limits.burst),
        'x-hubspot-ratelimit-remaining': String(left),
        'x-hubspot-ratelimit-interval-milliseconds': String(BURST_MS),
        ...(limits.daily === null
          ? {}
          : {
              'x-hubspot-ratelimit-daily': String(limits.daily),
              'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, limits.daily - today)),
            }),
      };
    },
  };
}

function createWindow(ms: number): { count(now: number): number; add(now: number): void } {
  const times: number[] = [];
  let first = 0;
  return {
    count: (now) => {
      while (first < times.length && (times[first] ?? 0) <= now - ms) first += 1;
      if (first > 10_000) {
        times.splice(0, first);
        first = 0;
      }
      return times.length - first;
    },
    add: (now) => void times.push(now),
  };
}

/** HubSpot's refusal of a request over a limit. */
export function tooMany(
  policyName: 'DAILY' | 'TEN_SECONDLY_ROLLING' | 'SECONDLY',
  retryAfter?: number,
): FakeReply {
  return {
    status: 429,
    body: {
      status: 'error',
      message:
        policyName === 'DAILY'
          ? 'You have reached your daily limit.'
          : `You have reached your ${policyName.toLowerCase()} limit.`,
      errorType: 'RATE_LIMIT',
      correlationId: 'fake-429',
      policyName,
    },
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
  };
}
