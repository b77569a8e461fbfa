import { readFileSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../core/actor.ts';
import { ENGINE_OPTIONS } from './engine.ts';
import { translating } from './failure.ts';
import { historyFile } from './paths.ts';

const FOLDER = new URL('../../analytics/history/', import.meta.url);
const TAKE = readFileSync(new URL('take.sql', FOLDER), 'utf8');
/** Tables that the oldest files do not have. */
const LATER = ['tombstones', 'property_versions'].map((table) => ({
  table,
  take: readFileSync(new URL(`take_${table}.sql`, FOLDER), 'utf8'),
}));
const LATER_TABLES = readFileSync(new URL('later_tables.sql', FOLDER), 'utf8');
const SETTLE = readFileSync(new URL('settle.sql', FOLDER), 'utf8');
const MEMORY_LIMIT = '1GB';

/**
 * Lends a connection on which the mirror stands as the history files of a portal tell it, without the writer: marts are built on it as on the
 * writer's own, as known at any moment up to the last publish. Give the newest file of each month.
 */
export async function withHistory<T>(
  options: { dataDir: string; portal: PortalId; names: readonly string[] },
  work: (db: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...ENGINE_OPTIONS,
    memory_limit: MEMORY_LIMIT,
    threads: '2',
  });
  const db = await instance.connect();
  try {
    await db.run(`set TimeZone = 'UTC'`);
    await db.run(`attach ':memory:' as mirror`);
    await db.run('use mirror');
    await db.run(LATER_TABLES);
    for (const name of options.names) await take(db, historyFile(options.dataDir, options.portal, name));
    await db.run(SETTLE);
    return await work(db);
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

function take(db: DuckDBConnection, file: string): Promise<void> {
  return translating(file, async () => {
    await db.run(`attach '${file.replaceAll("'", "''")}' as part (read_only)`);
    await db.run(TAKE);
    for (const { table, take: takeLater } of LATER) {
      const there = await db.runAndReadAll(
        `select 1 from duckdb_tables() where database_name = 'part' and table_name = $table`,
        { table },
      );
      if (there.currentRowCount > 0) await db.run(takeLater);
    }
    await db.run('detach part');
  });
}
