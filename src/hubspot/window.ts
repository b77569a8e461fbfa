import { z } from 'zod';

/**
 * A rolling window of permits, as plain data, so that one lies in memory or in a row of the operational store. Permits
 * are counted in small buckets: what a permit costs does not grow with the rate. All times are milliseconds.
 */
export const WindowState = z.object({
  /** the end of each bucket that has permits, and how many; oldest first */
  buckets: z.array(z.tuple([z.number(), z.number().int().positive()])),
  /** The longest window ever told: permits are kept for it, because a limit may grow back to it. */
  longestMs: z.number(),
  pausedUntil: z.number(),
  /** percent of what is allowed */
  pace: z.number(),
  successes: z.number().int(),
  /** before this moment nothing starts, where starts are kept apart */
  nextAt: z.number(),
});
export type WindowState = z.output<typeof WindowState>;

export interface WindowLimit {
  most: number;
  /** the length of the window */
  ms: number;
  /** How much longer a request may usually be on its way to HubSpot than those after it. */
  slackMs: number;
  /** The same of one that is not answered yet, or was late: something held it up. */
  lateMs: number;
  /** the least time between two starts; 0 where they may come in a burst */
  apartMs: number;
}

const BUCKETS = 100;
const FULL_PACE = 100;
const SLOWEST_PACE = 5;
const PACE_STEP = 10;
/** Successes that bring a step of the pace back: so many, and fewer where a window has few. */
const SUCCESSES_PER_STEP = 50;
const WINDOWS_PER_STEP = 2;

export function emptyWindow(): WindowState {
  return { buckets: [], longestMs: 0, pausedUntil: 0, pace: FULL_PACE, successes: 0, nextAt: 0 };
}

/** How long until one more may start; 0 for now. */
export function waitMs(state: WindowState, limit: WindowLimit, now: number): number {
  return Math.max(state.pausedUntil - now, state.nextAt - now, fullForMs(state, limit, now), 0);
}

/** How many may start at this moment. */
export function room(state: WindowState, limit: WindowLimit, now: number): number {
  if (waitMs(state, limit, now) > 0) return 0;
  return limit.apartMs > 0 ? 1 : allowed(state, limit) - count(state, limit, now);
}

/** Counts permits whose requests reach HubSpot by `arrivedBy`; answers the bucket they are in, for `move`. */
export function add(
  state: WindowState,
  limit: WindowLimit,
  permits: { count: number; startedAt: number; arrivedBy: number },
): number {
  forget(state, limit, permits.startedAt);
  if (limit.apartMs > 0) state.nextAt = permits.startedAt + (limit.apartMs * FULL_PACE) / state.pace;
  const bucket = bucketOf(limit, permits.arrivedBy);
  put(state, bucket, permits.count);
  return bucket;
}

/** Learns better of permits in a bucket: so many of them were used, and these had reached HubSpot by then; the others are given back. */
export function move(
  state: WindowState,
  limit: WindowLimit,
  permits: { bucket: number; count: number; used: number; arrivedBy: number },
): void {
  const better = Math.min(permits.bucket, bucketOf(limit, permits.arrivedBy));
  if (better === permits.bucket && permits.used === permits.count) return;
  const at = state.buckets.findLastIndex(([end]) => end === permits.bucket);
  const found = state.buckets[at];
  if (found === undefined) return; // so long ago that it is forgotten
  if (found[1] > permits.count) found[1] -= permits.count;
  else state.buckets.splice(at, 1);
  if (permits.used > 0) put(state, better, permits.used);
}

/** HubSpot refused one for the rate: nothing starts for a while, and the pace is halved. */
export function refuse(state: WindowState, now: number, pauseMs: number): void {
  // Requests that were under way together are refused together: that is one refusal.
  if (now >= state.pausedUntil) state.pace = Math.max(SLOWEST_PACE, Math.floor(state.pace / 2));
  state.pausedUntil = Math.max(state.pausedUntil, now + pauseMs);
  state.successes = 0;
}

/** A tenth of the pace comes back for every fifty successes, or for two windows full of them. */
export function succeed(state: WindowState, { most }: WindowLimit, times = 1): void {
  if (state.pace >= FULL_PACE) return;
  const perStep = Math.min(SUCCESSES_PER_STEP, WINDOWS_PER_STEP * most);
  state.successes += times;
  const steps = Math.floor(state.successes / perStep);
  state.successes %= perStep;
  state.pace = Math.min(FULL_PACE, state.pace + steps * PACE_STEP);
}

/** How many permits the window holds. */
export function count(state: WindowState, limit: WindowLimit, now: number): number {
  let sum = 0;
  for (let n = state.buckets.length - 1; n >= 0; n -= 1) {
    const [end, permits] = state.buckets[n] ?? [0, 0];
    if (end <= now - limit.ms) break;
    sum += permits;
  }
  return sum;
}

function fullForMs(state: WindowState, limit: WindowLimit, now: number): number {
  let tooMany = count(state, limit, now) - allowed(state, limit) + 1;
  if (tooMany <= 0) return 0;
  for (const [end, permits] of state.buckets) {
    if (end <= now - limit.ms) continue;
    tooMany -= permits;
    if (tooMany <= 0) return end + limit.ms - now;
  }
  return limit.ms;
}

function allowed(state: WindowState, { most }: WindowLimit): number {
  return Math.max(1, Math.floor((most * state.pace) / FULL_PACE));
}

function bucketOf({ ms }: WindowLimit, at: number): number {
  const size = ms / BUCKETS;
  return Math.ceil(at / size) * size;
}

function put(state: WindowState, bucket: number, permits: number): void {
  let at = state.buckets.length;
  while (at > 0 && (state.buckets[at - 1]?.[0] ?? 0) > bucket) at -= 1;
  const before = state.buckets[at - 1];
  if (before?.[0] === bucket) before[1] += permits;
  else state.buckets.splice(at, 0, [bucket, permits]);
}

function forget(state: WindowState, { ms }: WindowLimit, now: number): void {
  state.longestMs = Math.max(state.longestMs, ms);
  const old = state.buckets.findIndex(([end]) => end > now - state.longestMs);
  if (old !== 0) state.buckets.splice(0, old < 0 ? state.buckets.length : old);
}
