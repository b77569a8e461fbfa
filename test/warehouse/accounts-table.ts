import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { marts } from '../../src/warehouse/build.ts';
import { openRawBook } from '../analytics/support/raw-book.ts';

/** A connection with an empty table `accounts`: the columns, types and descriptions are the mart's. */
export async function openAccounts(): Promise<DuckDBConnection> {
  const book = await openRawBook();
  const columns = await book.rows(
    { records: [], links: [] },
    `select column_name, column_type from (describe accounts)`,
  );
  book.close();
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  await describeAccounts(
    db,
    columns.map((row) => `${String(row['column_name'])} ${String(row['column_type'])}`),
  );
  return db;
}

async function describeAccounts(db: DuckDBConnection, columns: readonly string[]): Promise<void> {
  await db.run(`create table accounts (${columns.join(', ')})`);
  const mart = marts().find(({ name }) => name === 'accounts');
  for (const [column, comment] of Object.entries(mart?.columns ?? {}))
    await db.run(`comment on column accounts.${column} is '${comment.replaceAll("'", "''")}'`);
}

/** An account by its values; what is not said is empty. */
export type AccountValues = Readonly<Record<string, string | number | boolean | null>>;

export async function fillAccounts(db: DuckDBConnection, rows: readonly AccountValues[]): Promise<void> {
  await db.run('delete from accounts');
  for (const row of rows) {
    const names = Object.keys(row);
    await db.run(
      `insert into accounts (${names.join(', ')}) values (${names.map((name) => `$${name}`).join(', ')})`,
      { ...row },
    );
  }
}
