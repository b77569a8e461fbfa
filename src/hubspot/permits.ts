import type { Clock } from '../core/clock.ts';
import { add, move, refuse, succeed, waitMs, emptyWindow, type WindowLimit } from './window.ts';

/** HubSpot's own limits of one app on one portal. */
export interface BudgetLimits {
  /** requests in any `intervalMs` */
  burst: number;
  intervalMs: number;
  /** searches in any second, shared by every app of the account */
  search: number;
  /** percent of the searches and of the day's quota that are left to the account's other apps */
  reserve: number;
}

export type Kind = 'general' | 'search';

/** The right to start one request now. */
export interface Permit {
  /** The request was answered, so HubSpot had it before this moment: its place is free again the sooner for it. */
  answered(): void;
}

/** Where permits come from: this process alone, or a row that several processes share. */
export interface PermitSource {
  /** A permit, or how long to wait before asking again. A source that finds out by itself says Infinity and tells the budget. */
  take(kind: Kind, waiting: Record<Kind, number>): Permit | { waitMs: number };
  refused(kind: Kind, waitMs: number): void;
  succeeded(kind: Kind): void;
  learn(limits: Partial<BudgetLimits>): void;
}

export const DEFAULT_LIMITS: BudgetLimits = { burst: 100, intervalMs: 10_000, search: 5, reserve: 0 };

const SECOND_MS = 1000;
/** Of two requests the first may be under way longer than the other, by so much of a window: connections are opened, networks hiccup. */
const SLACK = 0.05;
const SEARCH_SLACK_MS = 70;
const SEARCH_LATE_MS = 500;
/** An answer is late when it takes this many times as long as answers do on average. */
const LATE = 2;
const AVERAGE_OVER = 10;
const FIRST = 8;

/** A search counts in both windows at the moment it starts. */
export const WINDOWS: Record<Kind, readonly Kind[]> = { general: ['general'], search: ['general', 'search'] };

/** HubSpot's limits as windows; what is reserved of the searches keeps ours apart, so that there is always room for another app's. */
export function windowLimits({
  burst,
  intervalMs,
  search,
  reserve,
}: BudgetLimits): Record<Kind, WindowLimit> {
  const ours = Math.max(1, Math.floor((search * (100 - reserve)) / 100));
  return {
    general: {
      most: burst,
      ms: intervalMs,
      slackMs: intervalMs * SLACK,
      lateMs: intervalMs * SLACK,
      apartMs: 0,
    },
    search: {
      most: search,
      ms: SECOND_MS,
      slackMs: SEARCH_SLACK_MS,
      lateMs: SEARCH_LATE_MS,
      apartMs: ours < search ? SECOND_MS / ours : 0,
    },
  };
}

/**
 * Permits of one process. A start is counted until HubSpot surely had it: until its answer, and no longer than requests usually take when the
 * answer was not late. So HubSpot's window sees none too many, and ours gives hardly one too few.
 */
export function ownPermits(clock: Clock, limits: BudgetLimits): PermitSource & { pause(ms: number): void } {
  const state = { general: emptyWindow(), search: emptyWindow() };
  const isLate = { general: lateness(), search: lateness() };
  let windows = windowLimits(limits);
  const now = (): number => clock.now().getTime();
  return {
    take: (kind) => {
      const at = now();
      const wait = Math.max(...WINDOWS[kind].map((name) => waitMs(state[name], windows[name], at)));
      if (wait > 0) return { waitMs: wait };
      const places = WINDOWS[kind].map((name) => {
        const arrivedBy = at + windows[name].lateMs;
        return { name, bucket: add(state[name], windows[name], { count: 1, startedAt: at, arrivedBy }) };
      });
      return {
        answered: () => {
          const answeredAt = now();
          const late = isLate[kind](answeredAt - at);
          for (const { name, bucket } of places) {
            const arrivedBy = late ? answeredAt : Math.min(answeredAt, at + windows[name].slackMs);
            move(state[name], windows[name], { bucket, count: 1, used: 1, arrivedBy });
          }
        },
      };
    },
    refused: (kind, pauseMs) => refuse(state[kind], now(), pauseMs),
    succeeded: (kind) => {
      for (const name of WINDOWS[kind]) succeed(state[name], windows[name]);
    },
    learn: (learned) => {
      Object.assign(limits, learned);
      windows = windowLimits(limits);
    },
    pause: (ms) => {
      for (const one of [state.general, state.search])
        one.pausedUntil = Math.max(one.pausedUntil, now() + ms);
    },
  };
}

// Takes in how long each answer took and says whether that was long. Of the first ones nobody knows: connections are opened for them.
function lateness(): (ms: number) => boolean {
  let answers = 0;
  let average = Infinity;
  return (ms) => {
    answers += 1;
    if (answers <= FIRST) {
      average = Math.min(average, ms);
      return true;
    }
    const usual = Math.min(ms, average * LATE);
    average += (usual - average) / AVERAGE_OVER;
    return ms > usual;
  };
}
