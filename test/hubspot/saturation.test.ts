import { describe, expect, it } from 'vitest';
import { createLimitGate } from '../../src/demo/fake/limits.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import type { BudgetLimits, Kind } from '../../src/hubspot/permits.ts';

const START = Date.parse('2026-03-01T12:00:00Z');

interface Reading {
  kind: Kind;
  limits: Partial<BudgetLimits>;
  requests: number;
  /** at once, as many as the caller has under way */
  readers: number;
  /** milliseconds on the way there, and until the answer is here */
  there: (n: number) => number;
  answer: (n: number) => number;
}

/** Readers that never rest, before the fake's own gate, which counts what arrives. */
async function read(reading: Reading): Promise<{ ms: number; refused: number }> {
  const { kind, limits, requests, readers, there, answer } = reading;
  const clock = new VirtualClock(START, { auto: true });
  const gate = createLimitGate(clock, {
    burst: limits.burst ?? 100,
    search: limits.search ?? 5,
    daily: null,
  });
  const budget = createBudget({ clock, limits });
  let asked = 0;
  let refused = 0;
  let lastAt = START;
  const reader = async (): Promise<void> => {
    for (let n = asked++; n < requests; n = asked++) {
      const request = await budget.acquire(kind);
      await clock.sleep(there(n));
      if (gate.admit(kind === 'search') !== null) refused += 1;
      lastAt = clock.now().getTime();
      await clock.sleep(answer(n));
      request.ended(true);
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return { ms: lastAt - START, refused };
}

/** From 0 to `most`, the same for the same number. */
const jitter =
  (most: number) =>
  (n: number): number =>
    (((n + 1) * 2_654_435_761) % 1000) * (most / 1000);

/** What the rolling limit itself would take: a whole burst at the start of each window. */
const floorMs = (requests: number, most: number, ms: number): number =>
  Math.floor((requests - 1) / most) * ms;

describe('a reader that never rests', () => {
  it.each([
    ['190 in ten seconds', 190, 30],
    ['190 in ten seconds, slow answers', 190, 300],
    ['100 in ten seconds', 100, 30],
    ['100 in ten seconds, slow answers', 100, 600],
  ])('is refused nothing and takes at most a tenth longer than it must: %s', async (_, burst, answerMs) => {
    const requests = burst * 9 + 1;
    const { ms, refused } = await read({
      kind: 'general',
      limits: { burst },
      requests,
      readers: 8,
      there: jitter(answerMs / 3),
      answer: jitter(answerMs),
    });
    expect(refused).toBe(0);
    expect(ms / floorMs(requests, burst, 10_000)).toBeLessThanOrEqual(1.1);
    expect(ms / floorMs(requests, burst, 10_000)).toBeGreaterThanOrEqual(1);
  });

  it.each<[Kind, number]>([
    ['general', 800],
    ['search', 60],
  ])(
    'is refused nothing while the first, and later single ones, are late on their way: %s',
    async (kind, requests) => {
      const { refused } = await read({
        kind,
        limits: { burst: 190, search: 5 },
        requests,
        readers: 8,
        there: (n) => (n < 8 || n % 23 === 0 ? 450 : 5),
        answer: () => 20,
      });
      expect(refused).toBe(0);
    },
  );

  it.each([
    ['all five searches a second', 0, 60, 1.1],
    ['four of five, whatever the network does', 20, 240, 1.25 * 1.1],
  ])('of searches takes %s', async (_, reserve, thereMs, most) => {
    const requests = 5 * 40 + 1;
    const { ms, refused } = await read({
      kind: 'search',
      limits: { search: 5, reserve, burst: 190 },
      requests,
      readers: 4,
      there: jitter(thereMs),
      answer: jitter(300),
    });
    expect(refused).toBe(0);
    expect(ms / floorMs(requests, 5, 1000)).toBeLessThanOrEqual(most);
  });
});
