import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { ENGINE_OPTIONS } from './engine.ts';
import { isDamage, translateFailure } from './failure.ts';
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
  const give = async (snapshot: OpenSnapshot): Promise<void> => {
    snapshot.readers -= 1;
    const old = [...open.values()].slice(0, -MOST_OPEN).filter(({ readers }) => readers === 0);
    await Promise.all(old.map((one) => closeOne(open, one)));
  };
  return {
    read: async (portal, name, work) => {
      const file = snapshotFile(options.dataDir, portal, name);
      const snapshot = take(file);
      try {
        const db = await connect(open, snapshot);
        try {
          return await work(db);
        } finally {
          db.closeSync();
        }
      } catch (cause) {
        throw translate(cause, file);
      } finally {
        await give(snapshot);
      }
    },
    close: async () => {
      await Promise.all([...open.values()].map((snapshot) => closeOne(open, snapshot)));
    },
  };
}

async function connect(open: Map<string, OpenSnapshot>, snapshot: OpenSnapshot): Promise<DuckDBConnection> {
  try {
    return await (await snapshot.instance).connect();
  } catch (cause) {
    if (open.get(snapshot.file) === snapshot) open.delete(snapshot.file); // tried afresh the next time
    throw cause;
  }
}

function translate(cause: unknown, file: string): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause;
  const isGone = /^IO Error: Cannot open/i.test(cause.message);
  if (isGone || isDamage(cause)) {
    return new AppError(
      'unavailable',
      `The published data of this portal ${isGone ? 'are gone from the disk' : 'are damaged'}. Sync now to publish them again.`,
      { cause },
    );
  }
  if (cause.message.startsWith('Catalog Error: Table with name')) {
    return new AppError(
      'unavailable',
      'The published data of this portal were made by another version of Holdfast. Sync now to publish them again.',
      { cause },
    );
  }
  return translateFailure(cause, file);
}

async function openReadOnly(file: string): Promise<DuckDBInstance> {
  return DuckDBInstance.create(file, {
    ...ENGINE_OPTIONS,
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
