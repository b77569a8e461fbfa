import { z } from 'zod';
import { WINDOWS, windowLimits, type BudgetLimits, type Kind } from './permits.ts';
import { add, emptyWindow, move, refuse, room, succeed, waitMs, WindowState } from './window.ts';

/** What the processes of one portal and token share: a row of the operational store, changed by one of them at a time. */
const SharedState = z.object({
  general: WindowState,
  search: WindowState,
  /** what HubSpot told one of them; null for what it has not told */
  told: z.object({ burst: z.number().positive(), intervalMs: z.number().positive() }).nullable(),
  /** ISO 8601; the day's quota is used up until then */
  usedUpUntil: z.string().nullable(),
});
type SharedState = z.output<typeof SharedState>;

/** Permits of one process, to be used within a moment; counted as if all were used at its end, until it says better. */
export interface Block {
  /** the store's time of the giving, in ms */
  at: number;
  /** permits of any kind, and how many of them are searches */
  count: Record<Kind, number>;
  bucket: Record<Kind, number>;
}

/** What became of a block. */
export interface Spent {
  block: Block;
  used: Record<Kind, number>;
  /** when the last one started, in ms after `at` or earlier */
  lastAfterMs: number;
}

/** What a process says when it comes for permits. */
export interface Report {
  want: Record<Kind, number>;
  spent: Spent | null;
  /** requests of the last moment that no block covered */
  unreported: number;
  succeeded: Record<Kind, number>;
  refused: { kind: Kind; pauseMs: number }[];
  told: { burst: number; intervalMs: number } | null;
  usedUpUntil: string | null;
}

export interface Grant {
  block: Block;
  /** per kind: how long until there may be more */
  waitMs: Record<Kind, number>;
  told: SharedState['told'];
  usedUpUntil: string | null;
}

/** How long a block may be used, by kind: what a process that dies with one takes along is free again so much later. */
export function usableMs({ intervalMs }: Pick<BudgetLimits, 'intervalMs'>): Record<Kind, number> {
  return { general: intervalMs * 0.05, search: 100 };
}

/** Takes in what a process says and gives it permits; changes the state, which may be of another version of this program. */
export function exchange(
  stored: unknown,
  now: number,
  limits: BudgetLimits,
  report: Report,
): { state: SharedState; grant: Grant } {
  const state = SharedState.safeParse(stored).data ?? emptyState();
  if (report.told !== null) state.told = report.told;
  if (report.usedUpUntil !== null) state.usedUpUntil = report.usedUpUntil;
  const inForce = { ...limits, ...state.told };
  takeIn(state, now, inForce, report);
  const { told, usedUpUntil } = state;
  return { state, grant: { ...give(state, now, inForce, report.want), told, usedUpUntil } };
}

function emptyState(): SharedState {
  return { general: emptyWindow(), search: emptyWindow(), told: null, usedUpUntil: null };
}

function takeIn(state: SharedState, now: number, limits: BudgetLimits, report: Report): void {
  const windows = windowLimits(limits);
  const { spent, unreported } = report;
  for (const name of ['general', 'search'] as const) {
    const { slackMs } = windows[name];
    if (spent !== null && spent.block.count[name] > 0) {
      const { block, used, lastAfterMs } = spent;
      const arrivedBy = block.at + lastAfterMs + slackMs;
      const permits = { bucket: block.bucket[name], count: block.count[name], used: used[name], arrivedBy };
      move(state[name], windows[name], permits);
    }
    succeed(state[name], windows[name], report.succeeded[name]);
  }
  if (unreported > 0)
    add(state.general, windows.general, {
      count: unreported,
      startedAt: now,
      arrivedBy: now + windows.general.slackMs,
    });
  for (const { kind, pauseMs } of report.refused) refuse(state[kind], now, pauseMs);
}

function give(
  state: SharedState,
  now: number,
  limits: BudgetLimits,
  want: Record<Kind, number>,
): Pick<Grant, 'block' | 'waitMs'> {
  const windows = windowLimits(limits);
  const usable = usableMs(limits);
  const inGeneral = room(state.general, windows.general, now);
  const search = Math.min(want.search, inGeneral, room(state.search, windows.search, now));
  const count = { general: Math.min(want.general + search, inGeneral), search };
  const bucket = { general: 0, search: 0 };
  for (const name of ['general', 'search'] as const) {
    if (count[name] === 0) continue;
    const arrivedBy = now + usable[name] + windows[name].slackMs;
    bucket[name] = add(state[name], windows[name], { count: count[name], startedAt: now, arrivedBy });
  }
  const wait = (kind: Kind): number =>
    Math.max(...WINDOWS[kind].map((name) => waitMs(state[name], windows[name], now)));
  return {
    block: { at: now, count, bucket },
    waitMs: { general: wait('general'), search: wait('search') },
  };
}
