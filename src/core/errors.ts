/** The few ways in which Holdfast refuses. HTTP and the command line each translate them in one place. */
export type ErrorCode =
  | 'invalid' // what was given cannot be used
  | 'unauthenticated' // nobody is signed in, or the signature does not hold
  | 'forbidden' // somebody is, but may not
  | 'not_found'
  | 'conflict' // it is there already, or somebody else is at it
  | 'too_many' // a limit of ours; try later
  | 'upstream' // HubSpot, mail or another system failed
  | 'unavailable'; // a part of ours is not ready (disk full, store down, not configured)

/**
 * A refusal a person can act on: a code for programs and one sentence that says what to do.
 * Anything that is not an AppError is a bug: logged with its cause, shown without details.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** Facts for logs and JSON replies; never personal data, never secrets. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
