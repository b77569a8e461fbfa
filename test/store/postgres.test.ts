import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, inject, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { openStore } from '../../src/store/open.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { asServerAdmin, freshDatabase } from '../support/stores.ts';

const PASSWORD = 'pass-canary';

async function refusal(url: string): Promise<AppError> {
  const error: unknown = await openPostgres(url, silentLog).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no refusal but ${String(error)}`);
  return error;
}

/** Everything the error says, to a person or to a log. */
function allOf(error: AppError): string {
  const { cause } = error;
  return [error.message, error.stack, JSON.stringify(error), String(cause), JSON.stringify(cause)].join('\n');
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

/** A server on loopback that does with each connection what it is told. */
async function fakeServer(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `postgres://holdfast:${PASSWORD}@127.0.0.1:${address.port}/holdfast`;
}

it('says in one sentence that nothing listens there', async () => {
  const url = await fakeServer(() => {});
  const port = Number(new URL(url).port) === 65535 ? 65534 : Number(new URL(url).port) + 1;
  const free = url.replace(/:\d+\//, `:${port}/`);
  const error = await refusal(free);
  expect(error.code).toBe('unavailable');
  expect(error.message).toMatch(
    new RegExp(
      `^PostgreSQL at 127\\.0\\.0\\.1:${port}/holdfast does not answer as it should \\(connect ECONNREFUSED [^)]*\\)\\. Check that it runs and that DATABASE_URL is right\\.$`,
    ),
  );
  expect(allOf(error)).not.toContain(PASSWORD);
});

it('says it too when the name stands for several addresses and none answers', async () => {
  const url = await fakeServer(() => {});
  const port = Number(new URL(url).port) === 65535 ? 65534 : Number(new URL(url).port) + 1;
  const error = await refusal(`postgres://holdfast:${PASSWORD}@localhost:${port}/holdfast`);
  expect(error.message).toMatch(/^PostgreSQL at localhost:\d+\/holdfast does not answer .*ECONNREFUSED/);
  expect(allOf(error)).not.toContain(PASSWORD);
});

it('says that the server hangs up, and that it never answers', async () => {
  const hangsUp = await refusal(await fakeServer((socket) => socket.destroy()));
  expect(hangsUp.message).toMatch(/does not answer as it should \(Connection terminated/);
  const silent = await fakeServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
  });
  const neverAnswers = await refusal(silent);
  expect(neverAnswers.message).toMatch(/does not answer as it should \(.*timeout/);
  for (const error of [hangsUp, neverAnswers]) expect(allOf(error)).not.toContain(PASSWORD);
});

it('says that the password is wrong without saying it', async () => {
  const database = await freshDatabase();
  const role = `role_${Date.now().toString(36)}`;
  await asServerAdmin((admin) => admin.query(`create role ${role} login password 'right'`));
  const error = await refusal(withLogin(database, role, PASSWORD));
  expect(error.code).toBe('unavailable');
  expect(error.message).toMatch(new RegExp(`password authentication failed for user "${role}"`));
  expect(allOf(error)).not.toContain(PASSWORD);
});

it('says that the database is not there', async () => {
  const error = await refusal(`${inject('postgresUrl')}/nowhere`);
  expect(error.code).toBe('unavailable');
  expect(error.message).toMatch(
    /\/nowhere does not answer as it should \(database "nowhere" does not exist\)/,
  );
});

it('says that its user may not make tables', async () => {
  const database = await freshDatabase();
  const role = `reader_${Date.now().toString(36)}`;
  await asServerAdmin((admin) => admin.query(`create role ${role} login password '${PASSWORD}'`));
  const databaseUrl = withLogin(database, role, PASSWORD);
  await expect(openStore({ databaseUrl, dataDir: '', log: silentLog })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/\(permission denied for database \w+\)/),
  });
});

it('refuses each call in one sentence while the server is gone, and goes on when it is back', async () => {
  const url = await freshDatabase();
  const name = new URL(url).pathname.slice(1);
  const store = await openPostgres(url, silentLog);
  onTestFinished(() => store.close());
  await store.query('create table kept (n integer)');

  const inside = store.tx(async (sql) => {
    await sql.query('insert into kept values (1)');
    await cutOff(name);
    await sql.query('insert into kept values (2)');
  });
  await expect(inside).rejects.toMatchObject({ code: 'unavailable' });
  await cutOff(name);
  await asServerAdmin((admin) => admin.query(`alter database ${name} rename to ${name}_away`));
  await expect(store.query('select * from kept')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^PostgreSQL at .* does not answer as it should/),
  });
  await asServerAdmin((admin) => admin.query(`alter database ${name}_away rename to ${name}`));
  expect(await store.query('select * from kept')).toEqual([]);
});

it('leaves the mistakes of a statement as they are', async () => {
  const store = await openPostgres(await freshDatabase(), silentLog);
  onTestFinished(() => store.close());
  await expect(store.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  await expect(store.tx(() => Promise.reject(new AppError('forbidden', 'no')))).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await store.exec('select 1 as a; select 2 as b')).toEqual([{ a: 1 }, { b: 2 }]);
});

async function cutOff(database: string): Promise<void> {
  await asServerAdmin((admin) =>
    admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]),
  );
}
