import pg from 'pg';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Sql, Store } from './sql.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LARGEST_POOL = 10;

// A day without a time stays text: as a Date it would be a moment in the time zone of this machine.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/** SQLSTATEs that mean: the server, the way to it or our rights on it are at fault, not the statement. */
const DOWN = /^(08|57P|53|28)|^(3D000|42501)$/;

/** Opens a pool on PostgreSQL; throws AppError `unavailable` when it does not answer within five seconds. */
export async function openPostgres(databaseUrl: string, log: Log): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: LARGEST_POOL,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'holdfast',
    types,
  });
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn('a connection to PostgreSQL broke', { error }));
  const store: Store = {
    engine: 'postgres',
    query: (text, params) => translated(databaseUrl, () => run(pool, text, params)),
    tx: (work) => translated(databaseUrl, () => transaction(pool, work)),
    exec: (text) => translated(databaseUrl, () => runScript(pool, text)),
    close: () => pool.end(),
  };
  try {
    await store.query('select 1');
    return store;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onBroken = (error: Error): void => {
    broken = error;
  };
  // Between two statements nobody waits for the connection: when it breaks then, and nobody listens, the process ends.
  client.on('error', onBroken);
  try {
    await client.query('begin');
    const result = await work({ query: (text, params) => run(client, text, params) });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(onBroken);
    throw error;
  } finally {
    client.off('error', onBroken);
    client.release(broken);
  }
}

async function run<Row extends object>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  // The driver's row type is a claim of the caller's; the statement beside it makes it true.
  return (await client.query(text, [...params])).rows as Row[];
}

async function runScript(pool: pg.Pool, text: string): Promise<object[]> {
  // The driver answers a list of results for several statements, though its types know of one only.
  const results = (await pool.query(text)) as pg.QueryResult<object> | pg.QueryResult<object>[];
  return Array.isArray(results) ? results.flatMap((result) => result.rows) : results.rows;
}

async function translated<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError || !isDown(cause)) throw cause;
    throw new AppError(
      'unavailable',
      `PostgreSQL at ${withoutPassword(databaseUrl)} does not answer as it should (${describe(cause)}). Check that it runs and that DATABASE_URL is right.`,
      { cause },
    );
  }
}

function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    DOWN.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /timeout exceeded|terminated|Connection|not queryable/.test(error.message)
  );
}

function describe(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.hostname}:${url.port || '5432'}${url.pathname}`;
}
