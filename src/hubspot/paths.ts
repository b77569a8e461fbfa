import { AppError } from '../core/errors.ts';

/** HubSpot's dated version of its API: the whole client stands on one. */
export const VERSION = '2026-09';

/** A type in words, for sentences. */
export function words(type: string): string {
  return type.replaceAll('_', ' ');
}

/** Whether HubSpot refused a whole batch, perhaps for one of its ids. */
export function isBadBatch(error: unknown): error is AppError {
  return error instanceof AppError && error.details['status'] === 400;
}
