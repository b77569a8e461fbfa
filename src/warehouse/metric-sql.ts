import { readdirSync, readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

const METRICS = new URL('../../analytics/metrics/', import.meta.url);
const MACROS = readdirSync(METRICS)
  .filter((file) => file.startsWith('_'))
  .toSorted()
  .map((file) => readFileSync(new URL(file, METRICS), 'utf8'))
  .join('\n');

/** Makes the macros that metrics are counted with. Each time: those that a transaction made are gone when it is rolled back. */
export async function prepareMetrics(db: DuckDBConnection): Promise<void> {
  await db.run(MACROS);
}

/** Runs a statement that reads the metrics' macros, which are there already; of the values those are bound that it names. */
export async function runMetric(
  db: DuckDBConnection,
  sql: string,
  values: Readonly<Record<string, DuckDBValue>>,
): Promise<Record<string, unknown>[]> {
  const used = new Set([...sql.matchAll(/\$(\w+)/g)].map(([, name]) => name));
  const reader = await db.runAndReadAll(
    sql,
    Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name))),
  );
  return reader.getRowObjectsJS();
}
