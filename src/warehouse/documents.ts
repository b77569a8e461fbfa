import { readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api';
import PQueue from 'p-queue';

const SQL = readFileSync(new URL('../../analytics/reads/card.sql', import.meta.url), 'utf8');
/** Lookups at a time; more would only wait for each other inside DuckDB. */
const LANES = 4;

interface Lookup {
  db: DuckDBConnection;
  statement: DuckDBPreparedStatement;
}

/** Looks documents of one published file up by their key, with statements that are planned once. */
export interface Documents {
  find(key: string): Promise<string | null>;
  close(): void;
}

export function openDocuments(instance: DuckDBInstance): Documents {
  const free: Lookup[] = [];
  const lanes = new PQueue({ concurrency: LANES });
  let isOpen = true;
  const closeOne = ({ db, statement }: Lookup): void => {
    statement.destroySync();
    db.closeSync();
  };
  const take = async (): Promise<Lookup> => {
    const kept = free.pop();
    if (kept !== undefined) return kept;
    const db = await instance.connect();
    try {
      return { db, statement: await db.prepare(SQL) };
    } catch (error) {
      db.closeSync();
      throw error;
    }
  };
  return {
    find: (key) =>
      lanes.add(async () => {
        const lookup = await take();
        try {
          lookup.statement.bindVarchar(1, key);
          const reader = await lookup.statement.runAndReadAll();
          const value = reader.currentRowCount === 0 ? null : reader.value(0, 0);
          return typeof value === 'string' ? value : null;
        } finally {
          if (isOpen) free.push(lookup);
          else closeOne(lookup);
        }
      }),
    close: () => {
      isOpen = false;
      for (const lookup of free.splice(0)) closeOne(lookup);
    },
  };
}
