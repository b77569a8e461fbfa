import { Client } from '@hubspot/api-client';
import PQueue from 'p-queue';
import type { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Tally } from '../core/hubspot-port.ts';
import type { Log } from '../core/log.ts';
import type { Budget } from './budget.ts';
import { createErrorShare } from './error-share.ts';
import { judge, quotaResumes, type Answer, type Verdict } from './failures.ts';
import { createTokens, type AccessToken } from './tokens.ts';

export interface CallerOptions {
  apiUrl: string;
  /** The current token, asked for once at a time. After a refusal it is asked again; only a different one is worth another try. */
  accessToken: AccessToken;
  budget: Budget;
  clock: Clock;
  log: Log;
  timeZone: () => string;
  /** from 0 to 1, for the jitter of pauses */
  random?: () => number;
}

export interface Call<Shape> {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** what is asked for, in words, for sentences */
  what: string;
  shape: z.ZodType<Shape>;
  signal?: AbortSignal | undefined;
  tally?: Tally | undefined;
}

export interface Caller {
  call<Shape>(request: Call<Shape>): Promise<Shape>;
  counts(): { requests: number; retries: number };
  /** what time HubSpot's last answer said it was, to the second; null when none said */
  serverTime(): Date | null;
}

const MOST_ATTEMPTS = 7;
/** A refusal for the rate is no failure: other apps may hold the account's limit for a while, and each refusal slows everybody down. */
const MOST_REFUSALS = 30;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A pause that HubSpot tells is made longer by up to this part of it. */
const JITTER = 0.2;
/** A request and its whole answer may take this long; the timeouts of the connection only see one piece of it at a time. */
const LONGEST_ANSWER_MS = 120_000;
/** Enough to fill HubSpot's rate at its usual 100 to 400 ms an answer. */
const IN_FLIGHT = 8;

/**
 * Sends requests through HubSpot's client, with our own permits, retries and judgement around it: its retry and limiter
 * are shared by the whole process and its requests have no timeout. Throws the AppErrors that HubSpotPort names.
 */
export function createCaller(options: CallerOptions): Caller {
  const queue = new PQueue({ concurrency: IN_FLIGHT });
  const counts = { requests: 0, retries: 0 };
  const clients = createClients(options.apiUrl);
  const tokens = createTokens(options.accessToken);
  const errorShare = createErrorShare(options.log);
  let serverTime: Date | null = null;

  async function attempt<Shape>(
    request: Call<Shape>,
    token: string,
  ): Promise<{ value: Shape } | { verdict: Verdict }> {
    const kind = request.path.endsWith('/search') ? 'search' : 'general';
    const started = await options.budget.acquire(kind, request.signal);
    counts.requests += 1;
    if (request.tally !== undefined) request.tally.requests += 1;
    const startedAt = options.clock.now();
    let isAnswered = false;
    let answer: Answer | Error;
    try {
      answer = await send(clients(token), request, options.clock);
      isAnswered = !(answer instanceof Error);
    } finally {
      started.ended(isAnswered);
    }
    errorShare.count(answer instanceof Error || answer.status > 399);
    if (answer instanceof Error) {
      const reason = without(token, reasonOf(answer));
      return { verdict: { kind: 'retry', afterMs: null, rate: null, reason } };
    }
    learnLimits(options, answer.headers, startedAt);
    serverTime = timeIn(answer.headers) ?? serverTime;
    if (answer.status < 200 || answer.status > 299) {
      const told = { ...answer, text: without(token, answer.text) };
      return { verdict: judge(told, request.what, options.clock.now(), options.timeZone()) };
    }
    const value = readJson(answer, request);
    if (value === null)
      return {
        verdict: {
          kind: 'retry',
          afterMs: null,
          rate: null,
          reason: 'an answer that is not what was asked for',
        },
      };
    options.budget.succeeded(kind);
    return { value: value.json };
  }

  async function callWithRetries<Shape>(request: Call<Shape>): Promise<Shape> {
    let token = await abortable(tokens.current(), request.signal);
    let isSecondToken = false;
    let reason = '';
    let failures = 0;
    let refusals = 0;
    while (failures < MOST_ATTEMPTS && refusals < MOST_REFUSALS) {
      request.signal?.throwIfAborted();
      const outcome = await attempt(request, token);
      if ('value' in outcome) return outcome.value;
      const { verdict } = outcome;
      if (verdict.kind === 'used_up') options.budget.usedUp(verdict.resumesAt);
      if (verdict.kind === 'refuse' || verdict.kind === 'used_up') throw verdict.error;
      if (verdict.kind === 'token') {
        if (isSecondToken) throw verdict.error;
        const newer = await abortable(tokens.after(token), request.signal);
        if (newer === token) throw verdict.error;
        token = newer;
        isSecondToken = true;
        continue;
      }
      reason = verdict.reason;
      counts.retries += 1;
      if (request.tally !== undefined) request.tally.retries += 1;
      if (verdict.rate === null) failures += 1;
      else refusals += 1;
      const asked = failures + refusals;
      options.log.debug('HubSpot is asked again', { what: request.what, reason, attempt: asked });
      const pauseMs = pauseBefore(asked, verdict.afterMs, options.random ?? Math.random);
      if (verdict.rate !== null) options.budget.refused(verdict.rate, pauseMs);
      else if (failures < MOST_ATTEMPTS) await options.clock.sleep(pauseMs, request.signal);
    }
    throw new AppError(
      'upstream',
      `HubSpot did not answer ${request.what} after ${failures + refusals} attempts (${reason}). Nothing is lost; the next sync tries again.`,
      {
        details: { reason },
      },
    );
  }

  return {
    call: (request) =>
      queue.add(
        () => callWithRetries(request),
        request.signal === undefined ? {} : { signal: request.signal },
      ),
    counts: () => ({ ...counts }),
    serverTime: () => serverTime,
  };
}

// Whatever is said about a failure, the token is not part of it.
function without(token: string, text: string): string {
  return text.replaceAll(token, '[token]');
}

// A client keeps its token for life: changing it would change requests that are under way.
function createClients(apiUrl: string): (token: string) => Client {
  let current: { token: string; client: Client } | null = null;
  return (token) => {
    if (current?.token !== token)
      current = {
        token,
        client: new Client({ accessToken: token, basePath: apiUrl, numberOfApiCallRetries: 0 }),
      };
    return current.client;
  };
}

async function send<Shape>(client: Client, request: Call<Shape>, clock: Clock): Promise<Answer | Error> {
  const end = new AbortController();
  const answered = new AbortController();
  const stop = (): void => end.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', stop, { once: true });
  clock.sleep(LONGEST_ANSWER_MS, answered.signal, 'limit').then(
    () => end.abort(new Error('it took too long')),
    () => {}, // answered in time
  );
  try {
    const asked = client.apiRequest({
      method: request.method,
      path: request.path,
      ...(request.query === undefined ? {} : { qs: request.query }),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const response = await abortable(asked, end.signal, (late) => void late.body?.cancel());
    return { status: response.status, headers: response.headers, text: await readText(response, end.signal) };
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    answered.abort();
    request.signal?.removeEventListener('abort', stop);
  }
}

// Piece by piece, so that an end in the middle gives the connection back instead of leaving it to whoever drips into it.
async function readText(response: Response, signal: AbortSignal): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const stop = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    signal.throwIfAborted();
    return text + decoder.decode();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

// The client takes no signal: an aborted request is left behind, and what comes of it later is let go.
function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  letGo: (late: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      work.then(letGo, () => {});
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function readJson<Shape>(answer: Answer, request: Call<Shape>): { json: Shape } | null {
  try {
    const parsed = request.shape.safeParse(JSON.parse(answer.text));
    return parsed.success ? { json: parsed.data } : null;
  } catch {
    return null; // cut off on the way, or a page of the network in front of HubSpot
  }
}

function learnLimits({ budget, timeZone }: CallerOptions, headers: Headers, startedAt: Date): void {
  const number = (name: string): number | null => {
    const text = headers.get(`x-hubspot-ratelimit-${name}`);
    return text !== null && /^\d+$/.test(text) ? Number(text) : null;
  };
  const [burst, intervalMs] = [number('max'), number('interval-milliseconds')];
  if (burst !== null && burst > 0 && intervalMs !== null && intervalMs > 0)
    budget.learn({ burst, intervalMs });
  const [limit, remaining] = [number('daily'), number('daily-remaining')];
  if (limit === null || remaining === null) return;
  // Of the day in which it was asked: an answer that was under way at midnight may speak of yesterday.
  budget.learnDaily({ limit, remaining, resumesAt: quotaResumes(startedAt, timeZone()) });
}

function timeIn(headers: Headers): Date | null {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}

// As long as HubSpot says, or longer each time; what failed together does not come again together.
function pauseBefore(attempt: number, toldMs: number | null, random: () => number): number {
  if (toldMs !== null) return toldMs * (1 + random() * JITTER);
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  return longest / 2 + random() * (longest / 2);
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name cannot be resolved; check the network';
  if (code === 'ECONNREFUSED') return 'the connection was refused; check the network and HUBSPOT_API_URL';
  if (/TIMEOUT/.test(code)) return 'it took too long';
  return code === '' ? cause.message : code;
}
