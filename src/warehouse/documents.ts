import { readFileSync } from 'node:fs';
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  type DuckDBInstance,
  type DuckDBPreparedStatement,
} from '@duckdb/node-api';

const SQL = readFileSync(new URL('../../analytics/reads/card.sql', import.meta.url), 'utf8');
/** Documents that one lookup fetches: most of what a lookup costs is the query, not the row. */
const MOST_KEYS = 16;

interface Lookup {
  db: DuckDBConnection;
  one: DuckDBPreparedStatement;
  many: DuckDBPreparedStatement;
}

type Wanted = PromiseWithResolvers<Buffer | null>;

/** Looks documents of one published file up by their key, with statements that are planned once. */
export interface Documents {
  /** The document's text as UTF-8; null where there is none. What is asked for while a lookup is on its way is looked up together, in the next. */
  find(key: string): Promise<Buffer | null>;
  close(): void;
}

export function openDocuments(instance: DuckDBInstance): Documents {
  const waiting = new Map<string, Wanted>();
  let lookup: Promise<Lookup> | null = null;
  let isBusy = false;
  let isOpen = true;
  const lookUp = async (batch: ReadonlyMap<string, Wanted>): Promise<void> => {
    try {
      lookup ??= openLookup(instance);
      const found = await fetchDocuments(await lookup, [...batch.keys()]);
      for (const [key, { resolve }] of batch) resolve(found.get(key) ?? null);
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
      closeLookup();
    }
  };
  const lookUpAll = async (): Promise<void> => {
    isBusy = true;
    while (waiting.size > 0) {
      const batch = new Map([...waiting].slice(0, MOST_KEYS));
      for (const key of batch.keys()) waiting.delete(key);
      await lookUp(batch);
    }
    isBusy = false;
    if (!isOpen) closeLookup();
  };
  const closeLookup = (): void => {
    lookup?.then(destroyLookup, () => {}); // what could not be opened was told to whoever asked
    lookup = null;
  };
  return {
    find: (key) => {
      const wanted = waiting.get(key) ?? Promise.withResolvers<Buffer | null>();
      waiting.set(key, wanted);
      if (!isBusy) void lookUpAll();
      return wanted.promise;
    },
    close: () => {
      isOpen = false;
      if (!isBusy) closeLookup();
    },
  };
}

async function openLookup(instance: DuckDBInstance): Promise<Lookup> {
  const db = await instance.connect();
  try {
    const places = Array.from({ length: MOST_KEYS }, (_, n) => `$${n + 1}`);
    return { db, one: await db.prepare(SQL), many: await db.prepare(SQL.replace('$1', places.join(', '))) };
  } catch (error) {
    db.closeSync();
    throw error;
  }
}

function destroyLookup({ db, one, many }: Lookup): void {
  one.destroySync();
  many.destroySync();
  db.closeSync();
}

async function fetchDocuments({ one, many }: Lookup, keys: readonly string[]): Promise<Map<string, Buffer>> {
  const statement = keys.length === 1 ? one : many;
  // Places that are left over ask for the last key again: a null there would keep DuckDB from using the index.
  for (let n = 0; n < statement.parameterCount; n += 1)
    statement.bindVarchar(n + 1, keys[Math.min(n, keys.length - 1)] ?? '');
  const reader = await statement.runAndReadUntil(keys.length);
  const found = new Map<string, Buffer>();
  for (let row = 0; row < reader.currentRowCount; row += 1) {
    const document = reader.value(1, row);
    if (document instanceof DuckDBBlobValue)
      found.set(String(reader.value(0, row)), Buffer.from(document.bytes));
  }
  return found;
}
