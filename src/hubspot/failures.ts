import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import { AppError } from '../core/errors.ts';
import { quotaUsedUp } from './daily.ts';

/** What to do about an answer that is not the one we asked for. */
export type Verdict =
  /** ask again, after this pause; without one, after the usual growing one */
  | { kind: 'retry'; afterMs: number | null; rate: 'general' | 'search' | null; reason: string }
  | { kind: 'refuse'; error: AppError }
  /** the quota of the day: nothing may be asked before that moment, ISO 8601 */
  | { kind: 'used_up'; error: AppError; resumesAt: string }
  /** the token: worth one more try when there is a newer one */
  | { kind: 'token'; error: AppError };

// A field of another form than we know is left out; it must not cost us the others.
const ErrorBody = z.looseObject({
  message: z.string().optional().catch(undefined),
  category: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  retry_after: z.coerce.number().optional().catch(undefined),
  errors: z
    .array(z.looseObject({ context: z.record(z.string(), z.array(z.string())).optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});
type ErrorBody = z.output<typeof ErrorBody>;

const LOCKED_MS = 2000;
const BURST_PAUSE_MS = 5000;
const UNSETTLED_MS = 10 * 60_000;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Judges an answer outside 200–299. `timeZone` is the account's: its daily quota starts anew at its midnight. */
export function judge(answer: Answer, what: string, now: Date, timeZone: string): Verdict {
  const body = parseBody(answer.text);
  const retryAfterMs = retryAfter(answer.headers, body);
  switch (answer.status) {
    case 401:
      return {
        kind: 'token',
        error: new AppError(
          'unauthenticated',
          'HubSpot refused the access token. Make a new one in HubSpot, set HUBSPOT_ACCESS_TOKEN, and start again.',
        ),
      };
    case 403:
      return { kind: 'refuse', error: forbidden(body, what) };
    case 414:
      return {
        kind: 'refuse',
        error: new AppError('invalid', `HubSpot refused an address as too long (${what}).`, {
          details: { reason: 'uri_too_long' },
        }),
      };
    case 423:
      return { kind: 'retry', afterMs: retryAfterMs ?? LOCKED_MS, rate: null, reason: 'locked' };
    case 477:
      return { kind: 'retry', afterMs: retryAfterMs, rate: null, reason: 'account is being moved' };
    case 429:
      return rateLimited(body, retryAfterMs, now, timeZone);
    case 404:
      return { kind: 'refuse', error: new AppError('not_found', `HubSpot does not know ${what}.`) };
    case 409:
      return { kind: 'refuse', error: new AppError('conflict', `HubSpot says ${what} is there already.`) };
    default:
      if (answer.status >= 500)
        return { kind: 'retry', afterMs: retryAfterMs, rate: null, reason: `status ${answer.status}` };
      return {
        kind: 'refuse',
        error: new AppError(
          'upstream',
          `HubSpot refused ${what} with ${answer.status}: ${short(body?.message) ?? 'no reason given'}`,
          {
            details: { status: answer.status },
          },
        ),
      };
  }
}

function rateLimited(
  body: ErrorBody | null,
  retryAfterMs: number | null,
  now: Date,
  timeZone: string,
): Verdict {
  if (body?.policyName === 'DAILY') {
    const resumesAt = quotaResumes(now, timeZone);
    return { kind: 'used_up', error: quotaUsedUp(resumesAt), resumesAt };
  }
  const isSearch = body?.policyName === 'SECONDLY';
  return {
    kind: 'retry',
    afterMs: retryAfterMs ?? (isSearch ? 1000 : BURST_PAUSE_MS),
    rate: isSearch ? 'search' : 'general',
    reason: 'rate limit',
  };
}

/**
 * The moment, in ISO 8601, at which an account's quota starts anew: its next midnight. What HubSpot says in the first ten minutes of a day
 * may still be about yesterday, because clocks differ: then it is after these.
 */
export function quotaResumes(now: Date, timeZone: string): string {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const settled = today.toZonedDateTime(timeZone).toInstant().add({ milliseconds: UNSETTLED_MS });
  const midnight = today.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
  return (now.getTime() < settled.epochMilliseconds ? settled : midnight).toString();
}

function forbidden(body: ErrorBody | null, what: string): AppError {
  const scopes = scopesOf(body);
  const sentence =
    scopes.length > 0
      ? `The HubSpot app lacks the scope ${scopes.join(', ')}, so ${what} cannot be read. Add it to the app in HubSpot and sync again.`
      : `HubSpot does not let this app read ${what}: ${short(body?.message) ?? 'no reason given'}`;
  return new AppError('forbidden', sentence, { details: { scopes: scopes.join(' ') } });
}

// HubSpot names missing scopes in one of three ways: in the error's context, in brackets in the message, or not at all.
function scopesOf(body: ErrorBody | null): string[] {
  const named =
    body?.errors?.flatMap(
      (error) => error.context?.['requiredGranularScopes'] ?? error.context?.['requiredScopes'] ?? [],
    ) ?? [];
  if (named.length > 0) return named;
  const inBrackets = /\[([^\]]+)\]/.exec(body?.message ?? '')?.[1];
  return inBrackets === undefined ? [] : inBrackets.split(/[,\s]+/).filter((scope) => scope !== '');
}

function retryAfter(headers: Headers, body: ErrorBody | null): number | null {
  const seconds = Number(headers.get('retry-after') ?? body?.retry_after ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds, 300) * 1000 : null;
}

function parseBody(text: string): ErrorBody | null {
  try {
    return ErrorBody.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // an error page of the network in front of HubSpot
  }
}

// One of HubSpot's refusals repeats the token.
function short(message: string | undefined): string | undefined {
  return message?.replace(/token \([^)]*\)/g, 'token').slice(0, 300);
}
