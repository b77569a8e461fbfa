/** What core code may say while it works: ids and counts, never answers, tokens or contact details. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields (request, portal, job) to every line. */
  child(fields: LogFields): Log;
}

export type LogFields = Record<string, unknown>;

/** A log that says nothing, for tests and one-off commands. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};
