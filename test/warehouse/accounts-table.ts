import type { DuckDBConnection } from '@duckdb/node-api';
import { marts } from '../../src/warehouse/build.ts';
import { openRawBook } from '../analytics/support/raw-book.ts';

const NOTHING = { records: [], links: [] };

/** Makes an empty table `accounts`: columns, types and descriptions are the mart's. */
export async function createAccounts(db: DuckDBConnection): Promise<void> {
  const book = await openRawBook();
  const columns = await book.rows(NOTHING, 'select column_name, column_type from (describe accounts)');
  book.close();
  const list = columns.map(({ column_name, column_type }) => `${String(column_name)} ${String(column_type)}`);
  await db.run(`create table accounts (${list.join(', ')})`);
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
