import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types, type Transaction } from '@electric-sql/pglite';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Sql, Store } from './sql.ts';

/** The folder of the embedded store inside DATA_DIR. */
export const PGLITE_FOLDER = 'store';

// The same JavaScript types as the pg driver gives: what does not fit a number exactly stays text.
const asText = (value: string): string => value;
const PARSERS = { [types.INT8]: asText, [types.NUMERIC]: asText, [types.DATE]: asText };

/** The embedded store, which besides the Store's verbs can be copied while it is open. */
export interface PgliteStore extends Store {
  readonly engine: 'pglite';
  /** a tar of the whole folder, consistent at one moment; gzipped unless told otherwise */
  dump(compression?: 'gzip' | 'none'): Promise<Uint8Array>;
}

/** Whether a store is the embedded one of this process, which can be copied. */
export function isPgliteStore(store: Store): store is PgliteStore {
  return 'dump' in store;
}

/** Opens PGlite in DATA_DIR, and makes it there the first time. */
export async function openPglite(dataDir: string, log: Log): Promise<PgliteStore> {
  const db = await start(join(dataDir, PGLITE_FOLDER));
  log.debug('the embedded store is open', {});
  return storeOf(db);
}

/** A store that is gone when it is closed, for tests: empty, or beginning as a dump. */
export async function openMemoryPglite(dump?: Uint8Array): Promise<PgliteStore> {
  return storeOf(await PGlite.create({ parsers: PARSERS, ...(dump && { loadDataDir: toBlob(dump) }) }));
}

function storeOf(db: PGlite): PgliteStore {
  return {
    engine: 'pglite',
    query: (text, params) => run(db, text, params),
    tx: (work) => translated(() => db.transaction((tx) => work(sqlOf(tx)))),
    exec: (text) => translated(() => execOrRollBack(db, text)),
    close: () => db.close(),
    dump: async (compression = 'gzip') =>
      new Uint8Array(await (await db.dumpDataDir(compression)).arrayBuffer()),
  };
}

/** Unpacks what `dump` made into an empty DATA_DIR. */
export async function restorePglite(dataDir: string, dump: Uint8Array): Promise<void> {
  const folder = join(dataDir, PGLITE_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = await PGlite.create({ dataDir: folder, loadDataDir: toBlob(dump) });
  await db.query('select 1');
  await db.close();
}

function toBlob(dump: Uint8Array): Blob {
  return new Blob([dump]);
}

async function start(folder: string): Promise<PGlite> {
  try {
    if (await isFirstStart(folder)) await make(folder);
    await requireWhole(folder);
    const db = await PGlite.create({ dataDir: folder, parsers: PARSERS });
    await db.query('select 1');
    return db;
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The operational store in ${folder} cannot be opened; it may be damaged or its disk full. Free space and start again, or put a backup back with: holdfast restore <file>. What lies there was not thrown away.`,
      { cause },
    );
  }
}

async function isFirstStart(folder: string): Promise<boolean> {
  return !existsSync(folder) || (await readdir(folder)).length === 0;
}

// Made aside and renamed: what lies under the final name is whole, even when the first start was killed.
async function make(folder: string): Promise<void> {
  const aside = `${folder}.part`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const db = await PGlite.create({ dataDir: aside });
  await db.close();
  if (existsSync(folder)) await rmdir(folder); // refuses one that is not empty
  await rename(aside, folder);
}

/** The size PostgreSQL gives this file, always. */
const CONTROL_FILE_BYTES = 8192;

// PGlite makes a new store over one whose version file is gone, and with it everything in it vanishes.
async function requireWhole(folder: string): Promise<void> {
  await readFile(join(folder, 'PG_VERSION'));
  const control = await stat(join(folder, 'global', 'pg_control'));
  if (control.size !== CONTROL_FILE_BYTES) throw new Error('pg_control is cut off');
  const [logs, databases] = [await readdir(join(folder, 'pg_wal')), await readdir(join(folder, 'base'))];
  if (!logs.some((file) => /^[0-9A-F]{24}$/.test(file))) throw new Error('the write-ahead log is gone');
  if (databases.length === 0) throw new Error('the tables are gone');
}

function sqlOf(tx: Transaction): Sql {
  return {
    query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
      (await tx.query<Row>(text, [...params])).rows,
  };
}

function run<Row extends object>(db: PGlite, text: string, params: readonly unknown[] = []): Promise<Row[]> {
  return translated(async () => (await db.query<Row>(text, [...params])).rows);
}

// There is one connection: a script that fails between its BEGIN and COMMIT would poison whatever comes next.
async function execOrRollBack(db: PGlite, text: string): Promise<object[]> {
  try {
    return (await db.exec(text)).flatMap((result) => result.rows);
  } catch (error) {
    await db.exec('rollback').catch(() => {});
    throw error;
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Error && /no space left|ENOSPC|could not (extend|write)/i.test(cause.message)) {
      throw new AppError(
        'unavailable',
        'The disk of DATA_DIR is full. Free space; what was confirmed before is safe.',
        { cause },
      );
    }
    throw cause;
  }
}
