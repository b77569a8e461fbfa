import { createHash } from 'node:crypto';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { AppError } from '../core/errors.ts';

const MINUTE_MS = 60_000;
/** Room for a person who clicks fast and a page that asks for its progress every second. */
const REQUESTS_A_MINUTE = 600;
const UNKNOWN_LINKS_A_MINUTE = 20;
const BATCHES_A_MINUTE = 120;
/** IPv6 hands a household a /64. */
const IPV6_SUBNET = 64;

export interface Limits {
  requests: RateLimitRequestHandler;
  /** counts only answers that refused the link */
  unknownLinks: RateLimitRequestHandler;
  /** counts only answers that refused the token */
  unknownTokens: RateLimitRequestHandler;
  /** for each token, wherever it comes from */
  batches: RateLimitRequestHandler;
}

/** Limits per address of the sender; over them the answer is 429 with Retry-After. */
export function createLimits(): Limits {
  const shared = {
    windowMs: MINUTE_MS,
    standardHeaders: 'draft-8' as const,
    legacyHeaders: false,
    keyGenerator: (request: { ip?: string | undefined }) => ipKeyGenerator(request.ip ?? '', IPV6_SUBNET),
    handler: (_request: unknown, _response: unknown, next: (error: unknown) => void) =>
      next(new AppError('too_many', 'Too many requests from your network. Wait a minute and try again.')),
  };
  return {
    requests: rateLimit({ ...shared, limit: REQUESTS_A_MINUTE }),
    unknownLinks: rateLimit({
      ...shared,
      limit: UNKNOWN_LINKS_A_MINUTE,
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_request: unknown, response: { statusCode: number }) =>
        response.statusCode < 400,
    }),
    unknownTokens: rateLimit({
      ...shared,
      limit: UNKNOWN_LINKS_A_MINUTE,
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_request: unknown, response: { statusCode: number }) =>
        response.statusCode !== 401,
    }),
    batches: rateLimit({
      ...shared,
      limit: BATCHES_A_MINUTE,
      keyGenerator: ({ headers }: { headers: { authorization?: string | undefined } }) =>
        createHash('sha256')
          .update(headers.authorization ?? '')
          .digest('hex'),
      handler: (_request: unknown, _response: unknown, next: (error: unknown) => void) =>
        next(
          new AppError(
            'too_many',
            `More than ${BATCHES_A_MINUTE} batches a minute. Wait a minute, and put more rows into each.`,
          ),
        ),
    }),
  };
}
