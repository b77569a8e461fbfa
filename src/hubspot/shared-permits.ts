import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { ownPermits, type BudgetLimits, type Kind, type Permit, type PermitSource } from './permits.ts';
import { exchange, usableMs, type Block, type Grant, type Report } from './shared-state.ts';

/**
 * Changes what is shared, one process at a time: `change` gets what is stored (null the first time) and the store's own time in
 * milliseconds, and answers what to store.
 */
export type ChangeShared = (change: (stored: unknown, nowMs: number) => unknown) => Promise<void>;

export interface SharedPermits extends PermitSource {
  /** The day's quota is used up until then (ISO 8601): the other processes hear of it with their next block. */
  usedUp(resumesAt: string): void;
}

export interface SharedOptions {
  change: ChangeShared;
  clock: Clock;
  log: Log;
  limits: BudgetLimits;
  /** something came: permits, or the end of a wait */
  onChange: () => void;
  /** another process was refused for the day */
  onUsedUp: (resumesAt: string) => void;
}

/** A block is this part of the window at least: so many trips to the store a window. */
const BLOCK = 0.05;
/** Who waits for the store so long does without it. */
const LONGEST_TRIP_MS = 2000;
/** A store that failed is tried again after this. */
const TRY_AGAIN_MS = 5000;
/** Without the store a process keeps to this part of the limits, not knowing how many others there are. */
const ALONE = 0.25;
/** Searches are given one by one: they are few, and unused ones would be missed. */
const SEARCHES = 1;

interface Held {
  block: Block;
  /** our own time before the store was asked: its time of the giving is later */
  askedAt: number;
  used: Record<Kind, number>;
  lastAfterMs: number;
}

type News = Pick<Report, 'succeeded' | 'refused' | 'told' | 'usedUpUntil'>;
type Alone = PermitSource & { tryAgainAt: number; hasStarted: boolean };

const NOTHING = { general: 0, search: 0 };

/** Permits in blocks from a row that several processes share; a quarter of the limits while the store does not answer. */
export function sharedPermits(options: SharedOptions): SharedPermits {
  const { clock, log, limits } = options;
  const now = (): number => clock.now().getTime();
  let held: Held | null = null;
  let isAsking = false;
  let notBefore: Record<Kind, number> = NOTHING;
  let news = noNews();
  let alone: Alone | null = null;

  function ask(want: Record<Kind, number>): void {
    if (isAsking) return;
    isAsking = true;
    const unreported = alone?.hasStarted === true ? shareOf(limits).burst : 0;
    const report = { ...news, want, spent: held, unreported };
    news = noNews();
    held = null;
    const askedAt = now();
    trip(options, report).then(
      (grant) => arrived(grant, askedAt),
      (error: unknown) => failed(error, report),
    );
  }

  function arrived(grant: Grant, askedAt: number): void {
    isAsking = false;
    if (alone !== null) log.info('the limits of HubSpot are shared with other processes again');
    alone = null;
    held = { block: grant.block, askedAt, used: { ...NOTHING }, lastAfterMs: 0 };
    if (grant.told !== null) Object.assign(limits, grant.told);
    notBefore = { general: now() + grant.waitMs.general, search: now() + grant.waitMs.search };
    if (grant.usedUpUntil !== null) options.onUsedUp(grant.usedUpUntil);
    if (isUrgent(news)) ask(NOTHING);
    options.onChange();
  }

  function failed(error: unknown, report: News): void {
    isAsking = false;
    news = together(report, news); // none of it is lost; the block is, and runs out by itself
    if (alone === null)
      log.warn('the limits of HubSpot cannot be shared; this process keeps to a quarter of them', { error });
    alone ??= startAlone(clock, limits);
    alone.tryAgainAt = now() + TRY_AGAIN_MS;
    options.onChange();
  }

  // The others should hear of it at once.
  function tell(): void {
    if (alone === null) ask(NOTHING);
  }

  return {
    take: (kind, waiting) => {
      if (alone !== null) {
        if (now() >= alone.tryAgainAt) ask(wanted(waiting, limits));
        return alone.take(kind, waiting);
      }
      if (held !== null && useOne(held, kind, now(), limits)) return PERMIT;
      if (isAsking) return { waitMs: Infinity };
      const wait = notBefore[kind] - now();
      if (wait > 0) return { waitMs: wait };
      ask(wanted(waiting, limits));
      return { waitMs: Infinity };
    },
    refused: (kind, pauseMs) => {
      news.refused.push({ kind, pauseMs });
      alone?.refused(kind, pauseMs);
      tell();
    },
    succeeded: (kind) => {
      news.succeeded.general += 1;
      if (kind === 'search') news.succeeded.search += 1;
      alone?.succeeded(kind);
    },
    learn: ({ burst = limits.burst, intervalMs = limits.intervalMs }) => {
      if (burst === limits.burst && intervalMs === limits.intervalMs) return;
      Object.assign(limits, { burst, intervalMs });
      news.told = { burst, intervalMs };
      alone?.learn(shareOf(limits));
      tell();
    },
    usedUp: (resumesAt) => {
      news.usedUpUntil = resumesAt;
      tell();
    },
  };
}

// When a request of a block was answered is of no use: its block is counted as a whole.
const PERMIT: Permit = { answered: () => {} };

function useOne(held: Held, kind: Kind, now: number, limits: BudgetLimits): boolean {
  const { block, used } = held;
  const free =
    kind === 'search'
      ? block.count.search - used.search
      : block.count.general - block.count.search - (used.general - used.search);
  const afterMs = now - held.askedAt;
  if (free <= 0 || afterMs > usableMs(limits)[kind]) return false;
  used.general += 1;
  if (kind === 'search') used.search += 1;
  held.lastAfterMs = afterMs;
  return true;
}

function wanted(waiting: Record<Kind, number>, limits: BudgetLimits): Record<Kind, number> {
  const general = waiting.general === 0 ? 0 : Math.max(waiting.general, Math.ceil(limits.burst * BLOCK));
  return { general, search: Math.min(waiting.search, SEARCHES) };
}

async function trip({ change, clock, limits }: SharedOptions, report: Report): Promise<Grant> {
  const arrived = new AbortController();
  const late = clock.sleep(LONGEST_TRIP_MS, arrived.signal, 'limit').then(
    () => Promise.reject(new Error('the store took too long')),
    () => null, // it came in time
  );
  let grant: Grant | null = null;
  const changed = change((stored, at) => {
    const outcome = exchange(stored, at, limits, report);
    ({ grant } = outcome);
    return outcome.state;
  }).then(() => grant);
  try {
    const given = await Promise.race([changed, late]);
    if (given === null) throw new Error('the store changed nothing');
    return given;
  } finally {
    arrived.abort();
  }
}

// What the processes were given together still counts for one window: this one waits until that is over.
function startAlone(clock: Clock, limits: BudgetLimits): Alone {
  const own = ownPermits(clock, shareOf(limits));
  own.pause(limits.intervalMs);
  const alone: Alone = {
    ...own,
    tryAgainAt: 0,
    hasStarted: false,
    take: (kind, waiting) => {
      const taken = own.take(kind, waiting);
      if (!('waitMs' in taken)) alone.hasStarted = true;
      return taken;
    },
  };
  return alone;
}

function shareOf({ burst, intervalMs, search }: BudgetLimits): BudgetLimits {
  const share = (most: number): number => Math.max(1, Math.floor(most * ALONE));
  return { burst: share(burst), intervalMs, search: share(search), reserve: 0 };
}

function noNews(): News {
  return { succeeded: { ...NOTHING }, refused: [], told: null, usedUpUntil: null };
}

function isUrgent(news: News): boolean {
  return news.refused.length > 0 || news.told !== null || news.usedUpUntil !== null;
}

function together(older: News, newer: News): News {
  return {
    succeeded: {
      general: older.succeeded.general + newer.succeeded.general,
      search: older.succeeded.search + newer.succeeded.search,
    },
    refused: [...older.refused, ...newer.refused],
    told: newer.told ?? older.told,
    usedUpUntil: newer.usedUpUntil ?? older.usedUpUntil,
  };
}
