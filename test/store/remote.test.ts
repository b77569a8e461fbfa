import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { serveStore } from '../../src/store/remote.ts';
import type { Store } from '../../src/store/sql.ts';
import { ENGINES, freshStore, type Engine } from '../support/stores.ts';

const CHILD = new URL('./remote-child.ts', import.meta.url);

interface Bench {
  store: Store;
  child: ChildProcess;
  /** Has the child do something and answers how it went. */
  ask: (deed: string, argument?: string) => Promise<unknown>;
  tell: (deed: string, argument?: string) => void;
  /** Resolves when the child says that it has come so far. */
  hears: (word: string) => Promise<void>;
  kill: () => Promise<void>;
}

async function bench(engine: Engine, options: { silentTxMs?: number; store?: Store } = {}): Promise<Bench> {
  const store = options.store ?? (await freshStore(engine));
  await store.exec('create table if not exists names (name text unique)');
  const child = fork(CHILD, [], { serialization: 'advanced' });
  onTestFinished(() => void child.kill('SIGKILL'));
  serveStore(store, child, silentLog, options.silentTxMs ?? 30_000);
  const hears = (word: string): Promise<void> =>
    new Promise((resolve) => {
      child.on('message', (message: { said?: string }) => {
        if (message.said === word) resolve();
      });
    });
  const answer = (): Promise<unknown> =>
    new Promise((resolve) => {
      const listener = (message: object): void => {
        if (!('result' in message) && !('failed' in message)) return;
        child.off('message', listener);
        resolve('result' in message ? message.result : message);
      };
      child.on('message', listener);
    });
  const tell = (deed: string, argument?: string): void => void child.send({ deed, argument });
  await hears('ready');
  return {
    store,
    child,
    hears,
    tell,
    ask: (deed, argument) => {
      const answered = answer();
      tell(deed, argument);
      return answered;
    },
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function names(store: Store): Promise<string[]> {
  return (await store.query<{ name: string }>('select name from names order by name')).map(
    ({ name }) => name,
  );
}

describe.each(ENGINES)('the store of the parent, used by its child, on %s', (engine) => {
  it('answers queries and scripts with the same types', async () => {
    const { ask } = await bench(engine);
    expect(await ask('types')).toEqual([
      {
        big: '9007199254740993',
        moment: new Date('2024-02-29T12:00:00Z'),
        doc: { a: [1] },
        nothing: null,
        bytes: expect.objectContaining({ 0: 120, 1: 121, 2: 122 }),
      },
    ]);
    expect(await ask('script')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('commits the child’s transaction, and rolls it back when the child’s work throws', async () => {
    const { store, ask } = await bench(engine);
    expect(await ask('add in a transaction', 'kept')).toEqual([{ n: 1 }]);
    expect(await ask('fail in a transaction', 'dropped')).toEqual({
      failed: { app: true, code: 'conflict', message: 'given up by the child', details: { n: 7 } },
    });
    expect(await names(store)).toEqual(['kept']);
  });

  it('carries the database’s error codes and the parent’s refusals over', async () => {
    const { store, child, ask } = await bench(engine);
    expect(await ask('ask nonsense')).toEqual({
      failed: { app: false, code: '42P01', message: expect.stringContaining('nowhere') },
    });
    expect(await ask('ask twice the same')).toEqual({
      failed: { app: false, code: '23505', message: expect.any(String) },
    });
    child.removeAllListeners('message');
    const full: Store = {
      ...store,
      query: () => Promise.reject(new AppError('unavailable', 'The disk is full.', { details: { free: 0 } })),
    };
    serveStore(full, child, silentLog);
    const answered = once(child, 'message').then(() => once(child, 'message'));
    child.send({ deed: 'add', argument: 'x' });
    expect(await answered).toEqual([
      { failed: { app: true, code: 'unavailable', message: 'The disk is full.', details: { free: 0 } } },
      undefined,
    ]);
  });

  it('rolls back what a killed child left open, and goes on', async () => {
    const { store, tell, hears, kill } = await bench(engine);
    const inside = hears('inside');
    tell('hang in a transaction', 'torn');
    await inside;
    await kill();
    expect(await names(store)).toEqual([]);
    const next = await bench(engine, { store });
    expect(await next.ask('add', 'next')).toEqual([{ name: 'next' }]);
    expect(await names(store)).toEqual(['next']);
  });

  it('is not held up by a child that was killed while it waited for its turn', async () => {
    const { store, tell, hears, kill } = await bench(engine);
    await store.tx(async (sql) => {
      const asked = hears('asked');
      tell('wait to begin', 'late');
      await asked;
      await kill();
      await sql.query(`insert into names (name) values ('mine')`);
    });
    // An abandoned transaction would hold this up for thirty seconds on the one connection of PGlite.
    const started = performance.now();
    expect(await names(store)).toEqual(['mine']);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('rolls back a transaction in which the child stays silent for too long', async () => {
    const { store, hears, ask } = await bench(engine, { silentTxMs: 100 });
    const inside = hears('inside');
    const answered = ask('stay silent in a transaction', 'forgotten');
    await inside;
    expect(await names(store)).toEqual([]); // it waits for the connection, or does not see what is not committed
    expect(await answered).toEqual({
      failed: {
        app: true,
        code: 'unavailable',
        message: 'The transaction was rolled back after too long a silence.',
        details: {},
      },
    });
    expect(await names(store)).toEqual([]);
    expect(await ask('add', 'after')).toEqual([{ name: 'after' }]);
    expect(await ask('be slow in a statement')).toEqual([{ one: 1 }]); // a statement that runs is no silence
  });

  it('serves hundreds of calls at once', async () => {
    const { store, ask } = await bench(engine);
    expect(await ask('add many', '300')).toBe('done');
    expect(await names(store)).toHaveLength(300);
  });

  it('tells the child in one sentence that the parent is gone', async () => {
    const { child, tell } = await bench(engine);
    const ended = once(child, 'exit');
    tell('outlive the channel');
    expect(await ended).toEqual([0, null]);
  });
});
