import { readdirSync, readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

const METRICS = new URL('../../analytics/metrics/', import.meta.url);

const prepared = new WeakSet<DuckDBConnection>();

/** Makes the macros that metrics are counted with, once for a connection. */
async function prepare(db: DuckDBConnection): Promise<void> {
  if (prepared.has(db)) return;
  const macros = readdirSync(METRICS).filter((file) => file.startsWith('_'));
  for (const file of macros.toSorted()) await db.run(readFileSync(new URL(file, METRICS), 'utf8'));
  prepared.add(db);
}

/** The select of a metric. */
export function metricSql(metric: string): string {
  return readFileSync(new URL(`${metric}.sql`, METRICS), 'utf8');
}

/** Runs a statement that reads the metrics' macros; of the values those are bound that it names. */
export async function runMetric(
  db: DuckDBConnection,
  sql: string,
  values: Readonly<Record<string, DuckDBValue>>,
): Promise<Record<string, unknown>[]> {
  await prepare(db);
  const used = new Set([...sql.matchAll(/\$(\w+)/g)].map(([, name]) => name));
  const reader = await db.runAndReadAll(
    sql,
    Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name))),
  );
  return reader.getRowObjectsJS();
}
