import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../core/actor.ts';
import type { Log } from '../core/log.ts';
import { ENGINE_OPTIONS } from './engine.ts';
import { translating } from './failure.ts';
import { refuseBrokenLog } from './log-file.ts';
import { portalFolder, mirrorFile } from './paths.ts';
import { prepareTables } from './tables.ts';

/** The one writer of a portal's warehouse file. */
export interface Warehouse {
  portal: PortalId;
  dataDir: string;
  /** the folder for what is on its way in: finished segments, temporary files */
  folder: string;
  /** Lends a connection for reading; do not keep it. */
  read<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Lends the connection of one transaction, one after the other: commits when work resolves, else rolls back. */
  write<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Lends the writing connection without a transaction, for attaching and checkpoints. */
  alone<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Asked before every commit; throws when another worker has taken over. */
  setFence(fence: () => Promise<void>): void;
  close(): Promise<void>;
}

export interface WarehouseOptions {
  dataDir: string;
  portal: PortalId;
  log: Log;
  /** DuckDB's own notation; what a query may take before it spills to disk */
  memoryLimit?: string;
}

const MEMORY_LIMIT = '1GB';
const THREADS = '2';

/**
 * Opens a portal's warehouse for writing and brings its tables up to date. Throws AppError `conflict` (another process has it,
 * or a newer program wrote it) or `unavailable` (damaged, disk full); the file is left as it was.
 */
export async function openWarehouse(options: WarehouseOptions): Promise<Warehouse> {
  const { dataDir, portal } = options;
  const folder = portalFolder(dataDir, portal);
  const file = mirrorFile(dataDir, portal);
  await mkdir(join(folder, 'segments'), { recursive: true, mode: 0o700 });
  return translating(file, async () => {
    await refuseBrokenLog(file);
    const instance = await DuckDBInstance.fromCache(file, {
      ...ENGINE_OPTIONS,
      memory_limit: options.memoryLimit ?? MEMORY_LIMIT,
      threads: THREADS,
      temp_directory: join(folder, 'temp'),
      // The index-free tables checkpoint cheaply, but not after every small window.
      checkpoint_threshold: '64MB',
    });
    const writer = await instance.connect();
    const reader = await instance.connect();
    const closeAll = (): void => {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    };
    try {
      for (const db of [writer, reader]) await db.run(`set TimeZone = 'UTC'`);
      await prepareTables(writer, file);
    } catch (error) {
      // Closing would fold the log into the file, and a refused file is left as it was.
      await writer.run('pragma disable_checkpoint_on_shutdown').catch(() => {});
      closeAll();
      throw error;
    }
    options.log.debug('a warehouse is open', { portal });
    return makeWarehouse(options, folder, file, writer, reader, closeAll);
  });
}

function makeWarehouse(
  { dataDir, portal }: WarehouseOptions,
  folder: string,
  file: string,
  writer: DuckDBConnection,
  reader: DuckDBConnection,
  closeAll: () => void,
): Warehouse {
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  let fence: () => Promise<void> = () => Promise.resolve();
  // Every use of the writing connection waits for the one before, whatever came of it.
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
  return {
    portal,
    dataDir,
    folder,
    read: (work) => translating(file, () => work(reader)),
    alone: (work) => inLine(() => translating(file, () => work(writer))),
    write: (work) => inLine(() => translating(file, () => inTransaction(writer, work, fence))),
    setFence: (check) => {
      fence = check;
    },
    close: () =>
      inLine(async () => {
        if (isOpen) closeAll();
        isOpen = false;
        await Promise.resolve();
      }),
  };
}

async function inTransaction<T>(
  db: DuckDBConnection,
  work: (db: DuckDBConnection) => Promise<T>,
  fence: () => Promise<void>,
): Promise<T> {
  await db.run('begin');
  try {
    const result = await work(db);
    await fence();
    await db.run('commit');
    return result;
  } catch (error) {
    await db.run('rollback').catch(() => {}); // a failed commit has rolled back already
    throw error;
  }
}
