import { AppError } from '../core/errors.ts';

/** What HubSpot says of an account's quota of the day. */
export interface DailyQuota {
  limit: number;
  remaining: number;
  /** ISO 8601; when it starts anew */
  resumesAt: string;
}

export interface Daily {
  /** why nothing more may start today; null while it may */
  refusal(now: number): AppError | null;
  started(): void;
  ended(): void;
  learn(quota: DailyQuota): void;
  /** HubSpot refused a request for the day. */
  usedUp(resumesAt: string): void;
  /** what HubSpot last said, of today; null when it has said nothing yet, or knows no such limit */
  last(now: number): DailyQuota | null;
}

/** Keeps to the quota of the day, and leaves `reserve` percent of it to the account's other apps. */
export function createDaily(reserve: number): Daily {
  let told: DailyQuota | null = null;
  /** what is left if every request that is under way costs one more */
  let left = 0;
  let underWay = 0;
  let stoppedUntil: string | null = null;
  const ofToday = (now: number): DailyQuota | null => {
    if (told !== null && now >= Date.parse(told.resumesAt)) told = null;
    return told;
  };
  return {
    refusal: (now) => {
      if (stoppedUntil !== null && now < Date.parse(stoppedUntil)) return quotaUsedUp(stoppedUntil);
      stoppedUntil = null;
      const today = ofToday(now);
      if (today === null || reserve === 0 || left > (today.limit * reserve) / 100) return null;
      return quotaReserved(today, reserve);
    },
    started: () => {
      underWay += 1;
      left -= 1;
    },
    ended: () => {
      underWay -= 1;
    },
    learn: (quota) => {
      const isSameDay = told?.resumesAt === quota.resumesAt && told.limit === quota.limit;
      // Answers overtake each other: within a day the lowest number is the newest.
      left = Math.min(quota.remaining - underWay, isSameDay ? left : Infinity);
      told = quota;
    },
    usedUp: (resumesAt) => {
      stoppedUntil = resumesAt;
    },
    last: ofToday,
  };
}

export function quotaUsedUp(resumesAt: string): AppError {
  const sentence = `HubSpot's daily quota of this account is used up. The sync keeps its place and goes on after ${resumesAt}.`;
  return new AppError('too_many', sentence, { details: { resumesAt } });
}

function quotaReserved({ limit, resumesAt }: DailyQuota, reserve: number): AppError {
  const sentence = `Only the last ${reserve} % of HubSpot's daily quota of this account (${limit} requests) are left; they are for its other apps. The sync keeps its place and goes on after ${resumesAt}.`;
  return new AppError('too_many', sentence, { details: { resumesAt } });
}
