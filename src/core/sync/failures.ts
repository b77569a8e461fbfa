import { AppError } from '../errors.ts';

/**
 * Whether a failure says something of one record type only, so that the others can go on: what HubSpot answers for its path, again and again. A
 * token that is refused, a used-up quota, a fault of ours or of the warehouse and the order to stop are of everything.
 */
export function isOfOneType(error: unknown, signal: AbortSignal): error is AppError {
  return (
    !signal.aborted &&
    error instanceof AppError &&
    (error.code === 'upstream' || error.code === 'not_found' || error.code === 'invalid')
  );
}

/** The failures of single types that a run has survived. */
export interface Failures {
  /** Keeps one; throws what no run survives. */
  keep(error: unknown, signal: AbortSignal): AppError;
  first(): AppError | null;
  throwFirst(): void;
}

export function createFailures(): Failures {
  let first: AppError | null = null;
  return {
    keep: (error, signal) => {
      if (!isOfOneType(error, signal)) throw error;
      first ??= error;
      return error;
    },
    first: () => first,
    throwFirst: () => {
      if (first !== null) throw first;
    },
  };
}
