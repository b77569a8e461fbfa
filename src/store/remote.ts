import type { ChildProcess } from 'node:child_process';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Sql, Store } from './sql.ts';

/**
 * The embedded store belongs to one process. Its child works on it over Node's own channel: the child sends
 * statements, the parent runs them. A transaction of the child is a transaction of the parent, rolled back when the
 * child dies, disconnects, or is silent in it for thirty seconds.
 */
type Request =
  | {
      holdfast: 'store';
      id: number;
      op: 'query';
      tx: number | null;
      text: string;
      params: readonly unknown[];
    }
  | { holdfast: 'store'; id: number; op: 'exec'; text: string }
  | { holdfast: 'store'; id: number; op: 'begin'; tx: number }
  | { holdfast: 'store'; id: number; op: 'commit' | 'rollback'; tx: number };

type Reply =
  | { holdfast: 'store-reply'; id: number; rows: object[] }
  | { holdfast: 'store-reply'; id: number; error: RemoteError };

interface RemoteError {
  message: string;
  /** what an AppError says besides, where it was one */
  app: { code: ErrorCode; details: AppError['details'] } | null;
  /** the SQLSTATE, where the database gave one */
  code: string | null;
}

interface OpenTransaction {
  /** runs a statement; while it runs nobody is silent */
  query(text: string, params: readonly unknown[]): Promise<object[]>;
  finish(how: 'commit' | 'rollback'): Promise<void>;
}

/** The transactions of one child; none is added once it is gone. */
interface OpenTransactions extends Map<number, OpenTransaction> {
  childIsGone?: true;
}

const SILENT_TX_MS = 30_000;

/** The parent's side: runs what the child sends, until the child is gone. */
export function serveStore(store: Store, child: ChildProcess, log: Log, silentTxMs = SILENT_TX_MS): void {
  const open: OpenTransactions = new Map<number, OpenTransaction>();
  const reply = (message: Reply): void => {
    if (child.connected) child.send(message, () => {});
  };
  child.on('message', (message: unknown) => {
    if (!isRequest(message)) return;
    handle(store, open, message, silentTxMs).then(
      (rows) => reply({ holdfast: 'store-reply', id: message.id, rows }),
      (error: unknown) => reply({ holdfast: 'store-reply', id: message.id, error: toRemote(error) }),
    );
  });
  const abandon = (): void => {
    open.childIsGone = true;
    if (open.size > 0)
      log.warn('a child process left transactions open; they are rolled back', { count: open.size });
    for (const tx of open.values()) tx.finish('rollback').catch(() => {});
    open.clear();
  };
  child.once('disconnect', abandon);
  child.once('exit', abandon);
}

async function handle(
  store: Store,
  open: OpenTransactions,
  request: Request,
  silentTxMs: number,
): Promise<object[]> {
  switch (request.op) {
    case 'query': {
      if (request.tx === null) return store.query(request.text, request.params);
      const tx = open.get(request.tx);
      if (tx === undefined)
        throw new AppError('unavailable', 'The transaction was rolled back after too long a silence.');
      return tx.query(request.text, request.params);
    }
    case 'exec':
      return store.exec(request.text);
    case 'begin': {
      const tx = await begin(store, () => open.delete(request.tx), silentTxMs);
      // It may have waited in line behind others for longer than its child lived.
      if (open.childIsGone === true) await tx.finish('rollback');
      else open.set(request.tx, tx);
      return [];
    }
    case 'commit':
    case 'rollback': {
      const tx = open.get(request.tx);
      open.delete(request.tx);
      if (tx === undefined && request.op === 'commit') {
        throw new AppError('unavailable', 'The transaction was rolled back after too long a silence.');
      }
      await tx?.finish(request.op);
      return [];
    }
  }
}

class RolledBack extends Error {}

// The store's own tx takes a function; this one stays open until the child says how it ends.
async function begin(store: Store, onSilence: () => void, silentTxMs: number): Promise<OpenTransaction> {
  const opened = Promise.withResolvers<Sql>();
  const ending = Promise.withResolvers<void>();
  ending.promise.catch(() => {}); // may be refused before anybody waits for it
  const done = store.tx(async (sql) => {
    opened.resolve(sql);
    await ending.promise;
  });
  done.catch((error: unknown) => opened.reject(error));
  const sql = await opened.promise;
  let running = 0;
  let isOver = false;
  let silence: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(silence);
    if (isOver || running > 0) return;
    silence = setTimeout(() => {
      isOver = true;
      onSilence();
      ending.reject(new RolledBack());
    }, silentTxMs);
  };
  listen();
  return {
    query: async (text, params) => {
      running += 1;
      listen();
      try {
        return await sql.query(text, params);
      } finally {
        running -= 1;
        listen();
      }
    },
    finish: async (how) => {
      isOver = true;
      listen();
      if (how === 'commit') ending.resolve();
      else ending.reject(new RolledBack());
      await done.catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    },
  };
}

/** The child's side: the same Store over the channel to the parent. */
export function connectStore(channel: NodeJS.Process): Store {
  const waiting = new Map<number, { resolve: (rows: object[]) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  const failAll = (): void => {
    for (const call of waiting.values())
      call.reject(new AppError('unavailable', 'The process that holds the store is gone.'));
    waiting.clear();
  };
  channel.on('disconnect', failAll);
  channel.on('message', (message: unknown) => {
    if (!isReply(message)) return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) call?.reject(fromRemote(message.error));
    else call?.resolve(message.rows);
  });

  type Unsent = Request extends infer One
    ? One extends Request
      ? Omit<One, 'holdfast' | 'id'>
      : never
    : never;
  const call = (request: Unsent): Promise<object[]> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      if (!channel.connected) {
        reject(new AppError('unavailable', 'The process that holds the store is gone.'));
        return;
      }
      waiting.set(id, { resolve, reject });
      channel.send?.({ holdfast: 'store', id, ...request }, undefined, undefined, (error) => {
        if (error === null) return;
        waiting.delete(id);
        reject(new AppError('unavailable', 'The process that holds the store is gone.', { cause: error }));
      });
    });
  // The rows were read by the same code on the other side; the caller's row type stands for its statement.
  const query = async <Row extends object>(
    tx: number | null,
    text: string,
    params: readonly unknown[] = [],
  ): Promise<Row[]> => (await call({ op: 'query', tx, text, params })) as Row[];

  return {
    engine: 'pglite',
    query: (text, params) => query(null, text, params),
    exec: (text) => call({ op: 'exec', text }),
    tx: async (work) => {
      const tx = nextId++;
      await call({ op: 'begin', tx });
      try {
        const result = await work({ query: (text, params) => query(tx, text, params) });
        await call({ op: 'commit', tx });
        return result;
      } catch (error) {
        await call({ op: 'rollback', tx }).catch(() => {});
        throw error;
      }
    },
    close: () => Promise.resolve(), // it is the parent's to close
  };
}

function toRemote(error: unknown): RemoteError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  return {
    message: error instanceof Error ? error.message : String(error),
    app: error instanceof AppError ? { code: error.code, details: error.details } : null,
    code: error instanceof AppError ? null : code,
  };
}

function fromRemote(error: RemoteError): Error {
  if (error.app !== null) return new AppError(error.app.code, error.message, { details: error.app.details });
  return Object.assign(new Error(error.message), error.code === null ? {} : { code: error.code });
}

function isRequest(message: unknown): message is Request {
  return (
    typeof message === 'object' && message !== null && 'holdfast' in message && message.holdfast === 'store'
  );
}

function isReply(message: unknown): message is Reply {
  return (
    typeof message === 'object' &&
    message !== null &&
    'holdfast' in message &&
    message.holdfast === 'store-reply'
  );
}
