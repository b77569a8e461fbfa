import type { Clock } from '../core/clock.ts';

interface Sleeper {
  at: number;
  /** whether time jumps for it; a limit on something else only ends when time comes by anyway */
  drives: boolean;
  wake: () => void;
}

/**
 * A clock that moves only when told to. With `auto`, whoever sleeps moves it: time jumps to the earliest sleeper
 * as soon as nothing else is waiting to run.
 */
export class VirtualClock implements Clock {
  #now: number;
  readonly #auto: boolean;
  #sleepers: Sleeper[] = [];
  #jumping = false;

  constructor(start: Date | number, options: { auto?: boolean } = {}) {
    this.#now = typeof start === 'number' ? start : start.getTime();
    this.#auto = options.auto ?? false;
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, signal?: AbortSignal, kind?: 'limit'): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (): void =>
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      if (signal?.aborted) {
        refuse();
        return;
      }
      const drives = kind !== 'limit';
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), drives, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          refuse();
        },
        { once: true },
      );
      if (this.#auto) this.#jumpSoon();
    });
  }

  /** Moves time on, waking sleepers in order and letting what they do next run before the next one wakes. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#earliest(); next !== undefined && next.at <= end; next = this.#earliest()) {
      this.#wake(next);
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #earliest(): Sleeper | undefined {
    return this.#sleepers.reduce<Sleeper | undefined>(
      (first, other) => (first === undefined || other.at < first.at ? other : first),
      undefined,
    );
  }

  #wake(sleeper: Sleeper): void {
    this.#now = Math.max(this.#now, sleeper.at);
    this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    sleeper.wake();
  }

  #jumpSoon(): void {
    if (this.#jumping || !this.#isDriven()) return;
    this.#jumping = true;
    void settle().then(() => {
      this.#jumping = false;
      const next = this.#isDriven() ? this.#earliest() : undefined;
      if (next !== undefined) this.#wake(next);
      this.#jumpSoon();
    });
  }

  #isDriven(): boolean {
    return this.#sleepers.some((sleeper) => sleeper.drives);
  }
}

// Several turns of the loop, so that chains of awaits and loopback sockets get on.
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}
