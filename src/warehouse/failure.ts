import { AppError } from '../core/errors.ts';

// These quote what somebody typed, which may hold any words; the others are DuckDB's own.
const ABOUT_VALUES = /^(Binder|Catalog|Constraint|Conversion|Invalid Input|Out of Range|Parser) Error/;
const HELD = /Could not set lock|Conflicting lock/i;
const FULL =
  /no space left|ENOSPC|File too large|Could not write|could not flush|disk (is )?full|Write error/i;
const INVALIDATED = /database has been invalidated/i;
const DAMAGED =
  /not a valid DuckDB database|Corrupt|checksum|newer version of DuckDB|Failure while replaying WAL|Could not read enough bytes|Extension "[^"]+" not found|Serialization|deserialize/i;

/** Whether DuckDB says that the bytes of a file are not what it wrote. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && !ABOUT_VALUES.test(error.message) && DAMAGED.test(error.message);
}

/** The refusal of a warehouse file that was not written by us, or not whole. */
export function damaged(file: string, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    `The warehouse file ${file} is damaged or was written by a newer DuckDB. Put it back with: holdfast restore <file>, or move its folder away and sync again. It was not changed.`,
    { cause },
  );
}

/** Turns what DuckDB says into a sentence a person can act on; what is not the machine's fault stays as it is. */
export function translateFailure(cause: unknown, file: string): unknown {
  if (!(cause instanceof Error) || cause instanceof AppError) return cause;
  const { message } = cause;
  if (ABOUT_VALUES.test(message)) return cause;
  if (HELD.test(message)) {
    return new AppError(
      'conflict',
      `Another process is writing ${file}. Stop it first; one process writes a portal's warehouse.`,
      { cause },
    );
  }
  if (FULL.test(message)) {
    return new AppError(
      'unavailable',
      `The disk is full while writing ${file}. Free space and sync again; everything committed before is safe.`,
      { cause },
    );
  }
  if (INVALIDATED.test(message)) {
    return new AppError(
      'unavailable',
      `The warehouse ${file} met a fault and was closed to protect it. Start Holdfast again; everything committed before is safe.`,
      { cause },
    );
  }
  return DAMAGED.test(message) ? damaged(file, cause) : cause;
}

/** Runs work on a warehouse file with its failures translated. */
export async function translating<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateFailure(error, file);
  }
}
