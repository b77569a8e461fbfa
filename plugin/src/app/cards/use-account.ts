import { useCallback, useEffect, useState } from 'react';
import { hubspot, useExtensionContext } from '@hubspot/ui-extensions';
import type { AccountAnswer } from './answer.ts';
import { readAnswer, type Fault, type Reading } from './read-answer.ts';

const TIMEOUT_MS = 10_000;

export type Loaded =
  | { state: 'loading' }
  | { state: 'ready'; answer: AccountAnswer; isReloading: boolean }
  /** the product said no, in a sentence of its own */
  | { state: 'refused'; isReady: boolean; message: string; more: string | null }
  | { state: 'failed'; fault: Fault };

/** The account of the company whose record is open. */
export function useAccount(): { loaded: Loaded; reload: () => void } {
  const { crm, variables } = useExtensionContext<'crm.record.tab'>();
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const url = addressOf(variables?.['API_HOST'], crm.objectId);

  useEffect(() => {
    // What comes back for a record that is no longer open, or after a newer question, is dropped.
    let isWanted = true;
    void ask(url).then((reading) => {
      if (isWanted) setLoaded(toLoaded(reading));
    });
    return () => {
      isWanted = false;
    };
  }, [url, attempt]);

  const reload = useCallback(() => {
    setLoaded((now) => (now.state === 'ready' ? { ...now, isReloading: true } : { state: 'loading' }));
    setAttempt((count) => count + 1);
  }, []);
  return { loaded, reload };
}

function addressOf(host: unknown, objectId: number): string | null {
  if (typeof host !== 'string' || !host.startsWith('https://')) return null;
  return `${host.replace(/\/+$/, '')}/api/card/accounts/${encodeURIComponent(objectId)}`;
}

async function ask(url: string | null): Promise<Reading> {
  if (url === null) return { kind: 'fault', fault: { kind: 'no_host' } };
  let response: Response;
  try {
    response = await hubspot.fetch(url, { method: 'GET', timeout: TIMEOUT_MS });
  } catch {
    return { kind: 'fault', fault: { kind: 'unreachable' } };
  }
  try {
    return readAnswer(await response.json(), response.ok);
  } catch {
    return response.ok
      ? { kind: 'fault', fault: { kind: 'unreadable' } }
      : { kind: 'fault', fault: { kind: 'status', status: response.status } };
  }
}

function toLoaded(reading: Reading): Loaded {
  switch (reading.kind) {
    case 'account':
      return { state: 'ready', answer: reading.answer, isReloading: false };
    case 'refusal':
      return {
        state: 'refused',
        isReady: reading.code !== 'not_ready',
        message: reading.message,
        more: reading.more,
      };
    case 'fault':
      return { state: 'failed', fault: reading.fault };
  }
}
