import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';

const START = Date.parse('2026-03-01T12:00:00Z');

describe('a virtual clock', () => {
  it('stands still until it is moved, and wakes sleepers in order', async () => {
    const clock = new VirtualClock(START);
    const woken: string[] = [];
    for (const [name, ms] of [
      ['late', 3000],
      ['early', 1000],
      ['never', 9000],
    ] as const)
      void clock.sleep(ms).then(() => woken.push(`${name} ${clock.now().getTime() - START}`));
    await clock.advance(0);
    expect(woken).toEqual([]);
    await clock.advance(5000);
    expect(woken).toEqual(['early 1000', 'late 3000']);
    expect(clock.now().getTime()).toBe(START + 5000);
  });

  it('lets what a sleeper does next run before the next one wakes', async () => {
    const clock = new VirtualClock(START);
    const woken: number[] = [];
    const tick = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        await clock.sleep(1000);
        woken.push(clock.now().getTime() - START);
      }
    };
    void tick();
    await clock.advance(10_000);
    expect(woken).toEqual([1000, 2000, 3000]);
  });

  it('moves by itself when told so', async () => {
    const clock = new VirtualClock(START, { auto: true });
    await Promise.all([clock.sleep(3_600_000), clock.sleep(1000)]);
    expect(clock.now().getTime()).toBe(START + 3_600_000);
  });

  it('does not jump for a limit, and wakes it in its turn when something else moves the time', async () => {
    const clock = new VirtualClock(START, { auto: true });
    const woken: string[] = [];
    const limit = clock.sleep(2000, undefined, 'limit').then(() => woken.push('limit'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([clock.now().getTime(), woken]).toEqual([START, []]);
    await Promise.all([limit, clock.sleep(3000).then(() => woken.push('sleeper'))]);
    expect([clock.now().getTime(), woken]).toEqual([START + 3000, ['limit', 'sleeper']]);
  });

  it('wakes an aborted sleeper at once, and forgets it', async () => {
    const clock = new VirtualClock(START);
    const controller = new AbortController();
    const sleeping = clock.sleep(1000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(clock.sleep(1, AbortSignal.abort(new Error('never began')))).rejects.toThrow('never began');
    await clock.advance(2000);
    expect(clock.now().getTime()).toBe(START + 2000);
  });
});
