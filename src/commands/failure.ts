import { AppError } from '../core/errors.ts';

/** Ends a command with one clear sentence and a code other than 0. A bug shows its stack, since nobody foresaw it. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a fault in Holdfast; please report it with these lines:\n${text}\n`);
}
