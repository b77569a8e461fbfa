import { z } from 'zod';
import { AppError, type ErrorCode } from '../core/errors.ts';

/** HTTP's status for each way in which we refuse; a new code does not compile until it has one. */
const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  upstream: 502,
  unavailable: 503,
} satisfies Record<ErrorCode, number>;

export interface Problem {
  status: number;
  code: ErrorCode | 'fault';
  message: string;
  /** worth a line in the log with its cause */
  isFault: boolean;
}

/** What to answer for anything thrown. What is not a refusal of ours is a fault: its details stay in the log. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof AppError)
    return {
      status: STATUS[error.code],
      code: error.code,
      message: error.message,
      isFault: error.code === 'unavailable',
    };
  if (error instanceof z.ZodError) {
    return {
      status: 400,
      code: 'invalid',
      message: error.issues[0]?.message ?? 'What was sent cannot be used.',
      isFault: false,
    };
  }
  const parsing = bodyProblem(error);
  if (parsing !== null) return parsing;
  return {
    status: 500,
    code: 'fault',
    message: `Something went wrong on our side. Try again; if it stays, tell your admin this number: ${requestId}.`,
    isFault: true,
  };
}

// Express's own refusals of a body or an address: too large, malformed.
function bodyProblem(error: unknown): Problem | null {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  if (status === 413)
    return { status: 413, code: 'invalid', message: 'What was sent is too long.', isFault: false };
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { status: 400, code: 'invalid', message: 'What was sent cannot be read.', isFault: false };
  return null;
}
