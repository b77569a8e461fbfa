import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget, type Budget, type Started } from '../../src/hubspot/budget.ts';
import type { DailyQuota } from '../../src/hubspot/daily.ts';
import { add, count, emptyWindow, move } from '../../src/hubspot/window.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const WINDOW_MS = 10_000;

type Kind = 'general' | 'search';
type Step =
  | { do: 'ask'; kind: Kind; count: number }
  | { do: 'wait'; ms: number }
  | { do: 'learn'; burst: number }
  | { do: 'refuse'; kind: Kind; waitMs: number }
  | { do: 'succeed'; kind: Kind; times: number };

const kind = fc.constantFrom<Kind>('general', 'search');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('ask' as const), kind, count: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 15_000 }) }),
  },
  fc.record({ do: fc.constant('learn' as const), burst: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ do: fc.constant('refuse' as const), kind, waitMs: fc.integer({ min: 0, max: 8000 }) }),
  fc.record({ do: fc.constant('succeed' as const), kind, times: fc.integer({ min: 1, max: 120 }) }),
);

interface Start {
  kind: Kind;
  at: number;
  /** the limits in force at that moment */
  burst: number;
  search: number;
}

async function play(
  first: { burst: number; search: number; reserve?: number },
  steps: readonly Step[],
): Promise<Start[]> {
  const clock = new VirtualClock(START, { auto: true });
  const limits = { ...first };
  const budget = createBudget({ clock, limits });
  const starts: Start[] = [];
  const asked: Promise<void>[] = [];
  for (const one of steps) {
    if (one.do === 'ask') {
      for (let n = 0; n < one.count; n += 1) {
        const note = (request: Started): void => {
          starts.push({ kind: one.kind, at: clock.now().getTime(), ...limits });
          request.ended(true);
        };
        asked.push(budget.acquire(one.kind).then(note));
      }
      await new Promise(setImmediate); // whoever may start has started under the limits of now
    }
    if (one.do === 'wait') await clock.sleep(one.ms);
    if (one.do === 'learn') {
      limits.burst = one.burst;
      budget.learn({ burst: one.burst });
    }
    if (one.do === 'refuse') budget.refused(one.kind, one.waitMs);
    if (one.do === 'succeed') for (let n = 0; n < one.times; n += 1) budget.succeeded(one.kind);
  }
  await Promise.all(asked);
  return starts;
}

function inWindow(started: readonly Start[], n: number, ms: number, counts: (one: Start) => boolean): number {
  const at = started[n]?.at ?? 0;
  return started.slice(0, n + 1).filter((one) => counts(one) && one.at > at - ms).length;
}

describe('permits', () => {
  it('never exceed a limit in any rolling window, however they are asked for and while limits change', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (burst, search, steps) => {
          const started = await play({ burst, search }, steps);
          const wanted = steps.reduce((sum, one) => sum + (one.do === 'ask' ? one.count : 0), 0);
          expect(started).toHaveLength(wanted);
          for (const [n, one] of started.entries()) {
            expect(inWindow(started, n, WINDOW_MS, () => true)).toBeLessThanOrEqual(one.burst);
            if (one.kind === 'search')
              expect(inWindow(started, n, 1000, ({ kind }) => kind === 'search')).toBeLessThanOrEqual(
                one.search,
              );
          }
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  it('use what the limits allow: a long queue takes hardly longer than it must', async () => {
    const started = await play({ burst: 100, search: 5 }, [{ do: 'ask', kind: 'general', count: 1000 }]);
    expect((started.at(-1)?.at ?? 0) - START).toBeLessThanOrEqual(9 * WINDOW_MS * 1.02);
    const searches = await play({ burst: 100, search: 5 }, [{ do: 'ask', kind: 'search', count: 50 }]);
    expect((searches.at(-1)?.at ?? 0) - START).toBeLessThanOrEqual(9 * 1000 * 1.02);
  });

  it('are given in the order in which they were asked for', async () => {
    const clock = new VirtualClock(START, { auto: true });
    const budget = createBudget({ clock, limits: { burst: 2 } });
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3, 4, 5].map((n) => budget.acquire('general').then(() => order.push(n))));
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('come at once to those who wait when the limit is raised', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 1 } });
    await budget.acquire('general');
    const waiting = [budget.acquire('general'), budget.acquire('general')];
    budget.learn({ burst: 3 });
    await Promise.all(waiting);
    expect(clock.now().getTime()).toBe(START);
  });

  it('never exceed a wider window that HubSpot tells of later', async () => {
    const clock = new VirtualClock(START, { auto: true });
    const budget = createBudget({ clock, limits: { burst: 10, intervalMs: 10_000 } });
    for (let n = 0; n < 10; n += 1) await budget.acquire('general');
    budget.learn({ intervalMs: 1000 });
    await clock.sleep(5000);
    await budget.acquire('general');
    budget.learn({ intervalMs: 10_000 });
    await budget.acquire('general');
    expect(clock.now().getTime() - START).toBeGreaterThanOrEqual(10_000);
  });
});

describe('a refusal', () => {
  async function startsWithin(budget: Budget, clock: VirtualClock, ms: number): Promise<number[]> {
    const controller = new AbortController();
    const starts: number[] = [];
    const from = clock.now().getTime();
    for (let n = 0; n < 300; n += 1)
      void budget.acquire('general', controller.signal).then(
        () => starts.push(clock.now().getTime() - from),
        () => {},
      );
    await clock.advance(ms);
    controller.abort();
    return starts;
  }

  it('makes everybody wait, then halves the pace', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 100 } });
    budget.refused('general', 5000);
    const starts = await startsWithin(budget, clock, 15_000);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(5000);
    expect(starts).toHaveLength(50);
  });

  it('of requests that were under way together counts once, and the longest wait holds', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 100 } });
    for (let n = 0; n < 8; n += 1) budget.refused('general', 1000 * (n + 1));
    const starts = await startsWithin(budget, clock, 18_000);
    expect([Math.min(...starts) >= 8000, starts.length]).toEqual([true, 50]);
  });

  it('after a refusal halves again, and never stops altogether', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 100 } });
    for (let n = 0; n < 12; n += 1) {
      budget.refused('general', 100);
      await clock.advance(200);
    }
    expect(await startsWithin(budget, clock, 10_000)).toHaveLength(5);
  });

  it('is forgotten by and by: a tenth of the pace comes back for every fifty successes', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 100 } });
    budget.refused('general', 0);
    const paces: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      await clock.advance(60_000);
      paces.push((await startsWithin(budget, clock, 10_000)).length);
      for (let k = 0; k < 50; k += 1) budget.succeeded('general');
    }
    expect(paces).toEqual([50, 60, 70, 80, 90, 100, 100]);
  });

  it('of searches slows searches only', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 100, search: 4 } });
    budget.refused('search', 60_000);
    await budget.acquire('general');
    const search = budget.acquire('search').then(() => clock.now().getTime() - START);
    await clock.advance(60_000);
    expect(await search).toBe(60_000);
  });
});

describe('an abort', () => {
  it('ends the waiting at once, with its reason, and leaves the permit to the next', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 1 } });
    await budget.acquire('general');
    const controller = new AbortController();
    const first = budget.acquire('general', controller.signal);
    const second = budget.acquire('general').then(() => clock.now().getTime() - START);
    controller.abort(new Error('the sync was stopped'));
    await expect(first).rejects.toThrow('the sync was stopped');
    await clock.advance(11_000);
    expect(await second).toBe(10_500);
  });

  it('before the asking refuses at once and takes no permit', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { burst: 1 } });
    await expect(budget.acquire('general', AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
    await budget.acquire('general');
  });

  it('leaves no listener behind on the signal of a long run', async () => {
    const clock = new VirtualClock(START, { auto: true });
    const budget = createBudget({ clock, limits: { burst: 50 } });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listeners += 1;
        add(...args);
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listeners -= 1;
        remove(...args);
      },
    });
    for (let n = 0; n < 200; n += 1) await budget.acquire('general', signal);
    expect(listeners).toBe(0);
  });
});

describe('what is reserved for other apps', () => {
  const quota = (remaining: number): DailyQuota => ({
    limit: 100,
    remaining,
    resumesAt: '2026-03-01T23:00:00Z',
  });

  it('keeps searches apart, so that no second has more than four of five', async () => {
    const starts = await play({ burst: 100, search: 5, reserve: 20 }, [
      { do: 'ask', kind: 'search', count: 21 },
    ]);
    expect(starts.map(({ at }) => at - START)).toEqual(Array.from({ length: 21 }, (_, n) => n * 250));
  });

  it('is never touched by requests under way, and is a sentence that says when it goes on', async () => {
    const budget = createBudget({ clock: new VirtualClock(START), limits: { reserve: 20 } });
    const first = await budget.acquire('general');
    first.ended(true);
    budget.learnDaily(quota(23));
    await Promise.all([1, 2, 3].map(() => budget.acquire('general')));
    await expect(budget.acquire('general')).rejects.toMatchObject({
      code: 'too_many',
      message:
        "Only the last 20 % of HubSpot's daily quota of this account (100 requests) are left; they are for its other apps. The sync keeps its place and goes on after 2026-03-01T23:00:00Z.",
      details: { resumesAt: '2026-03-01T23:00:00Z' },
    });
  });

  it('counts the answers that come late, and those that say nothing of the day', async () => {
    const clock = new VirtualClock(START, { auto: true });
    const budget = createBudget({ clock, limits: { reserve: 20 } });
    const [early, late] = [await budget.acquire('general'), await budget.acquire('general')];
    late.ended(true);
    budget.learnDaily(quota(25));
    early.ended(true);
    budget.learnDaily(quota(26)); // counted before the other one
    for (let n = 0; n < 4; n += 1) (await budget.acquire('search')).ended(true);
    await expect(budget.acquire('general')).rejects.toMatchObject({ code: 'too_many' });
  });

  it('is there again with the next day', async () => {
    const clock = new VirtualClock(START);
    const budget = createBudget({ clock, limits: { reserve: 20 } });
    budget.learnDaily(quota(20));
    await expect(budget.acquire('general')).rejects.toMatchObject({ code: 'too_many' });
    expect(budget.daily()).toMatchObject({ limit: 100, remaining: 20 });
    await clock.advance(11 * 3_600_000);
    await budget.acquire('general');
    expect(budget.daily()).toBeNull();
  });

  it('refuses those who wait as soon as it is reached', async () => {
    const budget = createBudget({ clock: new VirtualClock(START), limits: { burst: 1, reserve: 20 } });
    (await budget.acquire('general')).ended(true);
    const waiting = Promise.allSettled([budget.acquire('general'), budget.acquire('search')]);
    budget.learnDaily(quota(20));
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('can be nothing', async () => {
    const budget = createBudget({ clock: new VirtualClock(START) });
    budget.learnDaily(quota(0));
    await budget.acquire('general');
  });
});

it('costs the same at any rate: a window holds no more than its buckets', () => {
  const limit = { most: 500_000, ms: 10_000, slackMs: 500, lateMs: 500, apartMs: 0 };
  const window = emptyWindow();
  for (let at = 0; at < 60_000; at += 1) {
    const bucket = add(window, limit, { count: 1, startedAt: START + at, arrivedBy: START + at + 500 });
    move(window, limit, { bucket, count: 1, used: 1, arrivedBy: START + at + 3 });
  }
  expect(window.buckets.length).toBeLessThanOrEqual(107);
  expect(count(window, limit, START + 60_000)).toBeGreaterThanOrEqual(10_000);
  expect(count(window, limit, START + 60_000)).toBeLessThanOrEqual(10_200);
});
