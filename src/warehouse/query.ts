import { readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { z } from 'zod';

interface QuerySpec<P extends z.ZodType<Record<string, DuckDBValue>>, R extends z.ZodType> {
  /** inside analytics/ */
  file: string;
  params: P;
  row: R;
}

/** Binds a file of SQL to the shapes of its parameters and rows. Rows are read whole: a stream would end silently on an error. */
export function defineQuery<P extends z.ZodType<Record<string, DuckDBValue>>, R extends z.ZodType>({
  file,
  params,
  row,
}: QuerySpec<P, R>) {
  const sql = readFileSync(new URL(`../../analytics/${file}`, import.meta.url), 'utf8');
  return async (db: DuckDBConnection, input: z.input<P>): Promise<z.output<R>[]> => {
    const reader = await db.runAndReadAll(sql, params.parse(input));
    return row.array().parse(reader.getRowObjectsJS());
  };
}
