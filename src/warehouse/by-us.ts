import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';

const SQL = readFileSync(new URL('../../analytics/staging/50_by_us.sql', import.meta.url), 'utf8');

/** Makes the macro `is_by_us` of the connection, by which a sync tells what this app set as the marts tell what it wrote. */
export async function prepareByUs(db: DuckDBConnection): Promise<void> {
  await db.run(SQL);
}
