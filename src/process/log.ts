import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { MESSAGE } from 'triple-beam';
import winston from 'winston';
import Transport from 'winston-transport';
import type { Log, LogFields } from '../core/log.ts';

export interface LogOptions {
  level: 'error' | 'warn' | 'info' | 'debug';
  /** which part speaks: web, worker, demo, command */
  role: string;
  /** a folder to write rotating files to; null writes JSON lines to the standard output */
  folder: string | null;
}

const REDACTED = '[redacted]';
/** Names are those that code gives; a bound all the same. */
const MOST_NAMES = 1000;
/** How long a process that ends may wait for whoever reads its log. */
const LAST_WORDS_MS = 1000;
const SECRET_NAME = /token|secret|password|authorization|cookie|e-?mail/i;

/**
 * A log of JSON lines. On a terminal they go to files (five of 10 MB), so that people see sentences;
 * without one they go to the standard output, as containers want it.
 * Fields whose name says secret, token, cookie or e-mail are never written.
 */
export function openLog(options: LogOptions): { log: Log; close: () => Promise<void> } {
  const transport =
    options.folder === null
      ? new StdoutTransport()
      : new winston.transports.File({
          filename: join(options.folder, `${options.role}.log`),
          maxsize: 10 * 1024 * 1024,
          maxFiles: 5,
          tailable: true,
        });
  const logger = winston.createLogger({
    level: options.level,
    format: LINES,
    defaultMeta: { role: options.role, pid: process.pid },
    transports: [transport],
    exitOnError: false,
  });
  // A log that cannot be written (full disk) must not take the product down.
  logger.on('error', () => {});
  transport.on('error', () => {});
  return { log: wrap(logger, {}), close: () => endLogger(logger) };
}

function wrap(logger: winston.Logger, fields: LogFields): Log {
  const write =
    (level: LogOptions['level']) =>
    (message: string, more: LogFields = {}) => {
      logger.log(level, oneLine(message), redact({ ...fields, ...more }));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => wrap(logger, { ...fields, ...more }),
  };
}

const isSecret = new Map<string, boolean>();

function isSecretName(name: string): boolean {
  const known = isSecret.get(name);
  if (known !== undefined) return known;
  const found = SECRET_NAME.test(name);
  if (isSecret.size < MOST_NAMES) isSecret.set(name, found);
  return found;
}

/** Replaces what must not be written, and turns errors into their message, code and cause. */
export function redact(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecretName(name) ? REDACTED : plain(value)]),
  );
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) return redact({ ...value });
  return typeof value === 'bigint' ? value.toString() : value;
}

function describeError(error: Error): LogFields {
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause instanceof Error ? { cause: describeError(error.cause) } : {};
  return { name: error.name, message: oneLine(error.message), ...code, stack: error.stack, ...cause };
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

const LINES = winston.format((info) => {
  // What people look for stands first, in every line in the same order.
  const { level, message, role, pid, ...fields } = info;
  const timestamp = new Date().toISOString();
  info[MESSAGE] = JSON.stringify({ timestamp, level, role, pid, message, ...fields });
  return info;
})();

/** Writes what one turn of the loop had to say at once: a write for each line costs more than the line. Nothing is held back longer. */
class StdoutTransport extends Transport {
  #lines: string[] = [];

  constructor() {
    super();
    process.once('exit', () => writeToTheEnd(this.#lines.splice(0).join('')));
  }

  override log(info: winston.LogEntry & { [MESSAGE]?: string }, next: () => void): void {
    if (this.#lines.push(`${info[MESSAGE]}\n`) === 1) setImmediate(() => this.#flush());
    next();
  }

  override close(): void {
    this.#flush();
  }

  #flush(): void {
    if (this.#lines.length > 0) process.stdout.write(this.#lines.splice(0).join(''));
  }
}

/** Writes to the standard output before the process is gone: what a stream still holds then is lost, and a pipe takes 64 KB at a time. */
function writeToTheEnd(text: string): void {
  let rest = Buffer.from(text);
  const until = performance.now() + LAST_WORDS_MS;
  while (rest.length > 0 && performance.now() < until) {
    try {
      rest = rest.subarray(writeSync(process.stdout.fd, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return; // nobody reads any more
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function endLogger(logger: winston.Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.on('finish', () => resolve());
    logger.end();
    setTimeout(resolve, 1000).unref();
  });
}
