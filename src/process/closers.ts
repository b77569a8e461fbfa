import type { Log } from '../core/log.ts';

/** Whatever opens something pushes its closer; shutdown walks the list backwards. */
export interface Closers {
  push(name: string, close: () => Promise<void> | void): void;
  closeAll(): Promise<void>;
}

const LONGEST_CLOSE_MS = 20_000;

export function createClosers(log: Log): Closers {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) {
      try {
        await withDeadline(next.name, next.close);
      } catch (error) {
        log.warn('a part did not close cleanly', { part: next.name, error });
      }
    }
  };
  return {
    push: (name, close) => closers.push({ name, close }),
    closeAll: () => (closing ??= closeAll()),
  };
}

// One part that hangs must not keep the stores behind it from being closed.
async function withDeadline(name: string, close: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name} took longer than ${LONGEST_CLOSE_MS} ms`)),
      LONGEST_CLOSE_MS,
    );
  });
  try {
    await Promise.race([Promise.resolve(close()), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
