import { AppError } from '../core/errors.ts';

/** Turns what DuckDB says into a sentence a person can act on; what is not the machine's fault stays as it is. */
export function translateFailure(cause: unknown, file: string): unknown {
  if (!(cause instanceof Error) || cause instanceof AppError) return cause;
  const { message } = cause;
  if (/Could not set lock|Conflicting lock/i.test(message)) {
    return new AppError(
      'conflict',
      `Another process is writing ${file}. Stop it first; one process writes a portal's warehouse.`,
      { cause },
    );
  }
  if (
    /no space left|ENOSPC|File too large|Could not write|could not flush|disk (is )?full|Write error/i.test(
      message,
    )
  ) {
    return new AppError(
      'unavailable',
      `The disk is full while writing ${file}. Free space and sync again; everything committed before is safe.`,
      { cause },
    );
  }
  if (/database has been invalidated/i.test(message)) {
    return new AppError(
      'unavailable',
      `The warehouse ${file} met a fault and was closed to protect it. Start Holdfast again; everything committed before is safe.`,
      { cause },
    );
  }
  if (
    /not a valid DuckDB database|Corrupt|checksum|newer version of DuckDB|Failure while replaying WAL|Serialization|deserialize/i.test(
      message,
    )
  ) {
    return new AppError(
      'unavailable',
      `The warehouse file ${file} is damaged or was written by a newer DuckDB. Put it back with: holdfast restore <file>, or move its folder away and sync again. It was not changed.`,
      { cause },
    );
  }
  return cause;
}

/** Runs work on a warehouse file with its failures translated. */
export async function translating<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateFailure(error, file);
  }
}
