import { mkdir } from 'node:fs/promises';
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
  /** a tar.gz of the whole folder, consistent at one moment */
  dump(): Promise<Uint8Array>;
}

/** Opens PGlite in DATA_DIR. `memory` as a folder keeps it in memory, for tests. */
export async function openPglite(dataDir: string | 'memory', log: Log): Promise<PgliteStore> {
  const db = await start(dataDir);
  log.debug('the embedded store is open', {});
  return {
    engine: 'pglite',
    query: (text, params) => run(db, text, params),
    tx: (work) => translated(() => db.transaction((tx) => work(sqlOf(tx)))),
    exec: (text) => translated(() => execOrRollBack(db, text)),
    close: () => db.close(),
    dump: async () => new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer()),
  };
}

/** Unpacks what `dump` made into an empty DATA_DIR. */
export async function restorePglite(dataDir: string, dump: Uint8Array): Promise<void> {
  const folder = join(dataDir, PGLITE_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = await PGlite.create({
    dataDir: folder,
    loadDataDir: new Blob([dump as Uint8Array<ArrayBuffer>]),
  });
  await db.query('select 1');
  await db.close();
}

async function start(dataDir: string | 'memory'): Promise<PGlite> {
  if (dataDir === 'memory') return PGlite.create({ parsers: PARSERS });
  const folder = join(dataDir, PGLITE_FOLDER);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const db = await PGlite.create({ dataDir: folder, parsers: PARSERS });
    await db.query('select 1');
    return db;
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The operational store in ${folder} cannot be opened; it may be damaged or its disk full. Free space and start again, or put a backup back with: holdfast restore <file>. Nothing was changed.`,
      { cause },
    );
  }
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
