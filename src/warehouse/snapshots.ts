import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { translating } from './failure.ts';
import { snapshotFile } from './paths.ts';

/** Published snapshots, opened read-only and shared by all readers of this process. */
export interface Snapshots {
  read<T>(portal: PortalId, name: string, work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface OpenSnapshot {
  file: string;
  instance: Promise<DuckDBInstance>;
  readers: number;
}

const MOST_OPEN = 8;

/** Keeps the last few snapshots open; an older one is closed when its last reader is done. */
export function openSnapshots(options: { dataDir: string }): Snapshots {
  const open = new Map<string, OpenSnapshot>(); // in order of use, the oldest first

  const take = (file: string): OpenSnapshot => {
    const known = open.get(file) ?? { file, instance: openReadOnly(file), readers: 0 };
    open.delete(file);
    open.set(file, known);
    known.readers += 1;
    return known;
  };
  const give = (snapshot: OpenSnapshot): void => {
    snapshot.readers -= 1;
    for (const old of [...open.values()].slice(0, -MOST_OPEN)) {
      if (old.readers === 0) void closeOne(open, old);
    }
  };
  return {
    read: async (portal, name, work) => {
      const file = snapshotFile(options.dataDir, portal, name);
      const snapshot = take(file);
      try {
        return await translating(file, async () => {
          const db = await (await snapshot.instance).connect();
          try {
            return await work(db);
          } finally {
            db.closeSync();
          }
        });
      } catch (cause) {
        open.delete(file); // a file that does not open is tried afresh the next time
        if (
          cause instanceof AppError ||
          !(cause instanceof Error) ||
          !/does not exist|Cannot open/i.test(cause.message)
        )
          throw cause;
        throw new AppError(
          'unavailable',
          'The published data of this portal is gone from the disk. Sync now to publish it again.',
          { cause },
        );
      } finally {
        give(snapshot);
      }
    },
    close: async () => {
      await Promise.all([...open.values()].map((snapshot) => closeOne(open, snapshot)));
    },
  };
}

async function openReadOnly(file: string): Promise<DuckDBInstance> {
  return DuckDBInstance.create(file, {
    access_mode: 'READ_ONLY',
    threads: '1',
    memory_limit: '256MB',
    enable_external_access: 'false',
  });
}

async function closeOne(open: Map<string, OpenSnapshot>, snapshot: OpenSnapshot): Promise<void> {
  open.delete(snapshot.file);
  const instance = await snapshot.instance.catch(() => null);
  instance?.closeSync();
}
