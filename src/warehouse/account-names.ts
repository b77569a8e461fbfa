import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { defineQuery } from './query.ts';

const named = defineQuery({
  file: 'reads/account_names.sql',
  params: z.object({ ids: z.string() }),
  row: z.object({ account_id: z.string(), name: z.string().nullable() }),
});

/** What accounts are called, by id. */
export async function nameAccounts(
  db: DuckDBConnection,
  ids: readonly string[],
): Promise<Record<string, string | null>> {
  const rows = await named(db, { ids: JSON.stringify([...new Set(ids)]) });
  return Object.fromEntries(rows.map(({ account_id, name }) => [account_id, name]));
}
