import { Agent, setGlobalDispatcher } from 'undici';

export interface HttpTimeouts {
  connectMs: number;
  /** until the first byte of the answer, and between two pieces of it */
  answerMs: number;
}

const DEFAULTS: HttpTimeouts = { connectMs: 10_000, answerMs: 30_000 };

/**
 * Gives every fetch of this process timeouts. The HubSpot client takes neither a timeout nor a signal and would wait
 * for a hanging server for ever. Call once at the start.
 */
export function installHttpAgent(timeouts: Partial<HttpTimeouts> = {}): void {
  const { connectMs, answerMs } = { ...DEFAULTS, ...timeouts };
  setGlobalDispatcher(
    new Agent({
      connect: { timeout: connectMs },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      connections: 32,
    }),
  );
}
