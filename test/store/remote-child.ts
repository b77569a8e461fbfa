import { AppError } from '../../src/core/errors.ts';
import { connectStore } from '../../src/store/remote.ts';

// The worker's side of the channel: does what the test asks for by name and answers how it went.
const store = connectStore(process);

const DEEDS: Record<string, (argument: string) => Promise<unknown>> = {
  types: () =>
    store.query(
      `select 9007199254740993::bigint as big, $1::timestamptz as moment, $2::jsonb as doc, null as nothing, $3::bytea as bytes`,
      [new Date('2024-02-29T12:00:00Z'), JSON.stringify({ a: [1] }), Buffer.from('xyz')],
    ),
  script: () => store.exec('select 1 as a; select 2 as b'),
  add: (name) => store.query('insert into names (name) values ($1) returning name', [name]),
  'add many': async (count) => {
    const numbers = Array.from({ length: Number(count) }, (_, n) => n);
    await Promise.all(
      numbers.map((n) =>
        n % 3 === 0
          ? store.tx((sql) => sql.query('insert into names (name) values ($1)', [`many ${n}`]))
          : store.query('insert into names (name) values ($1)', [`many ${n}`]),
      ),
    );
    return 'done';
  },
  'add in a transaction': (name) =>
    store.tx(async (sql) => {
      await sql.query('insert into names (name) values ($1)', [name]);
      return sql.query('select count(*)::integer as n from names');
    }),
  'fail in a transaction': (name) =>
    store.tx(async (sql) => {
      await sql.query('insert into names (name) values ($1)', [name]);
      throw new AppError('conflict', 'given up by the child', { details: { n: 7 } });
    }),
  'ask nonsense': () => store.query('select * from nowhere'),
  'ask twice the same': async () => {
    await store.query(`insert into names (name) values ('unique')`);
    return store.query(`insert into names (name) values ('unique')`);
  },
  'stay silent in a transaction': (name) =>
    store.tx(async (sql) => {
      await sql.query('insert into names (name) values ($1)', [name]);
      process.send?.({ said: 'inside' });
      await new Promise((resolve) => setTimeout(resolve, 400));
      return sql.query('select 1 as one');
    }),
  'be slow in a statement': () =>
    store.tx(async (sql) => {
      await sql.query('select pg_sleep(0.4)');
      return sql.query('select 1 as one');
    }),
  'hang in a transaction': (name) =>
    store.tx(async (sql) => {
      await sql.query('insert into names (name) values ($1)', [name]);
      process.send?.({ said: 'inside' });
      await new Promise(() => {});
    }),
  'wait to begin': (name) => {
    const waiting = store.tx((sql) => sql.query('insert into names (name) values ($1)', [name]));
    process.send?.({ said: 'asked' });
    return waiting;
  },
  'outlive the channel': async () => {
    process.disconnect();
    return store.query('select 1').catch((error: unknown) => {
      process.exitCode = error instanceof AppError && error.code === 'unavailable' ? 0 : 9;
    });
  },
};

process.on('message', (message: { deed?: string; argument?: string }) => {
  if (message.deed === undefined) return;
  const deed = DEEDS[message.deed];
  if (deed === undefined) throw new Error(`no deed ${message.deed}`);
  deed(message.argument ?? '').then(
    (result) => answer({ result }),
    (error: unknown) => answer({ failed: describe(error) }),
  );
});
process.send?.({ said: 'ready' });

function answer(message: object): void {
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): object {
  if (error instanceof AppError)
    return { app: true, code: error.code, message: error.message, details: error.details };
  if (!(error instanceof Error)) return { text: String(error) };
  return { app: false, code: 'code' in error ? error.code : null, message: error.message };
}
