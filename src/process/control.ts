import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/**
 * Commands given while the product runs are carried out by the product: it alone has the stores open.
 * They come over loopback with the secret that lies in DATA_DIR; the answer is one JSON object a line,
 * `{progress}` any number of times, then `{result}` or `{error}`.
 */
export type ControlHandler = (
  args: unknown,
  progress: (report: unknown) => void,
  signal: AbortSignal,
) => Promise<unknown>;

const Call = z.object({ command: z.string(), args: z.unknown() });
const Line = z.union([
  z.object({ alive: z.literal(true) }),
  z.object({ progress: z.unknown() }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
]);
const ALIVE_MS = 5_000;
/** A mapping with years of exchange rates is sent whole. */
const LONGEST_CALL_BYTES = 4 * 1024 * 1024;

export interface ControlServer {
  port: number;
  close(): Promise<void>;
}

/** Listens on a free loopback port and runs the handlers. */
export async function serveControl(
  secret: string,
  handlers: Record<string, ControlHandler>,
  log: Log,
): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(request, response, secret, handlers, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control port has no number');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  handlers: Record<string, ControlHandler>,
  log: Log,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () =>
    gone.abort(new AppError('conflict', 'The command that asked for this was ended.')),
  );
  const send = (line: unknown): void => void response.write(`${JSON.stringify(line)}\n`);
  // Whoever waits hears at once, and then again and again, that somebody is at it.
  response.flushHeaders();
  const alive = setInterval(() => send({ alive: true }), ALIVE_MS);
  try {
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${secret}`)) {
      throw new AppError('unauthenticated', 'The secret does not fit this data folder.');
    }
    const { command, args } = Call.parse(JSON.parse(await readBody(request)));
    const handler = Object.hasOwn(handlers, command) ? handlers[command] : undefined;
    if (handler === undefined)
      throw new AppError('not_found', `The running Holdfast does not know the command ${command}.`);
    send({ result: (await handler(args, (progress) => send({ progress }), gone.signal)) ?? null });
  } catch (error) {
    if (!(error instanceof AppError)) log.error('a command failed', { error });
    send({ error: asLine(error) });
  }
  clearInterval(alive);
  response.end();
}

function asLine(error: unknown): { code: string; message: string } {
  return error instanceof AppError
    ? { code: error.code, message: error.message }
    : { code: 'unavailable', message: 'The command failed inside Holdfast; its log says why.' };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_CALL_BYTES) throw new AppError('invalid', 'The command is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Gives a command to the running product and returns its result. */
export async function callControl(
  holder: { controlPort: number | null; secret: string },
  command: string,
  args: unknown,
  onProgress: (report: unknown) => void = () => {},
  signal: AbortSignal | null = null,
): Promise<unknown> {
  if (holder.controlPort === null) {
    throw new AppError('conflict', 'Holdfast is starting or stopping; give the command again in a moment.');
  }
  try {
    return await call(holder.controlPort, holder.secret, { command, args }, onProgress, signal);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal?.aborted === true)
      throw new AppError('conflict', 'Stopped waiting; what the running Holdfast has begun goes on there.');
    throw new AppError(
      'unavailable',
      'The running Holdfast does not answer; it may just have stopped. Give the command again.',
      { cause: error },
    );
  }
}

async function call(
  port: number,
  secret: string,
  body: { command: string; args: unknown },
  onProgress: (report: unknown) => void,
  signal: AbortSignal | null,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    signal,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.body === null) throw new AppError('unavailable', 'The running Holdfast gave no answer.');
  for await (const text of createInterface({ input: Readable.fromWeb(response.body) })) {
    const line = Line.parse(JSON.parse(text));
    if ('alive' in line) continue;
    if ('progress' in line) onProgress(line.progress);
    else if ('error' in line) throw new AppError(knownCode(line.error.code), line.error.message);
    else return line.result;
  }
  throw new AppError('unavailable', 'The running Holdfast stopped before the command was done.');
}

const CODES: Record<ErrorCode, true> = {
  invalid: true,
  unauthenticated: true,
  forbidden: true,
  not_found: true,
  conflict: true,
  too_many: true,
  upstream: true,
  unavailable: true,
};

function knownCode(code: string): ErrorCode {
  const known = Object.keys(CODES) as ErrorCode[];
  return known.find((name) => name === code) ?? 'unavailable';
}
