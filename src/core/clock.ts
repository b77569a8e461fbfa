/** Time as the product sees it. Tests and the demo put a virtual one in its place. */
export interface Clock {
  now(): Date;
  /**
   * Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when aborted. Who sleeps as a `limit` on something
   * else does not want the time to pass: a virtual clock does not jump ahead for it.
   */
  sleep(ms: number, signal?: AbortSignal, kind?: 'limit'): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortReason(signal));
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(abortReason(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted');
}
