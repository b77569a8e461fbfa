import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import type { PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { openDocuments, type Documents } from './documents.ts';
import { ENGINE_OPTIONS } from './engine.ts';
import { isDamage, translateFailure } from './failure.ts';
import { snapshotFile } from './paths.ts';

/** Published snapshots, opened read-only and shared by all readers of this process. */
export interface Snapshots {
  read<T>(portal: PortalId, name: string, work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  /**
   * The finished card of an account as UTF-8; null where there is none. What was asked for lately is kept in memory, by snapshot and account:
   * a published file never changes.
   */
  card(portal: PortalId, name: string, accountId: string): Promise<Buffer | null>;
  /** Reads a row of what every reader needs; throws as a reader would. */
  check(portal: PortalId, name: string): Promise<void>;
  close(): Promise<void>;
}

interface OpenSnapshot {
  file: string;
  instance: Promise<DuckDBInstance>;
  cards: Promise<Documents>;
  readers: number;
}

const CHECK = 'select count(*) from record_counts union all (select 1 from company_list limit 1)';
const MOST_OPEN = 8;
const MOST_CACHED_BYTES = 64 * 1024 ** 2;

/** Keeps the last few snapshots open; an older one is closed when its last reader is done. */
export function openSnapshots(options: { dataDir: string }): Snapshots {
  const open = new Map<string, OpenSnapshot>(); // in order of use, the oldest first
  const cached = new LRUCache<string, Buffer>({
    maxSize: MOST_CACHED_BYTES,
    sizeCalculation: (document, key) => document.length + 2 * key.length + 200,
  });

  const take = (file: string): OpenSnapshot => {
    const known = open.get(file) ?? openOne(file);
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
  const lend = async <T>(file: string, work: (snapshot: OpenSnapshot) => Promise<T>): Promise<T> => {
    const snapshot = take(file);
    try {
      await snapshot.instance.catch((cause: unknown) => {
        if (open.get(file) === snapshot) open.delete(file); // tried afresh the next time
        throw cause;
      });
      return await work(snapshot);
    } catch (cause) {
      throw translate(cause, file);
    } finally {
      await give(snapshot);
    }
  };
  return {
    read: async (portal, name, work) =>
      lend(snapshotFile(options.dataDir, portal, name), async ({ instance }) => {
        const db = await (await instance).connect();
        try {
          return await work(db);
        } finally {
          db.closeSync();
        }
      }),
    card: async (portal, name, accountId) => {
      const key = `${portal}/${name}/${accountId}`;
      const known = cached.get(key);
      if (known !== undefined) return known;
      const found = await lend(snapshotFile(options.dataDir, portal, name), async ({ cards }) =>
        (await cards).find(accountId),
      );
      if (found !== null) cached.set(key, found);
      return found;
    },
    check: async (portal, name) => {
      const file = snapshotFile(options.dataDir, portal, name);
      try {
        await checkReadable(file);
      } catch (cause) {
        throw translate(cause, file);
      }
    },
    close: async () => {
      await Promise.all([...open.values()].map((snapshot) => closeOne(open, snapshot)));
    },
  };
}

function openOne(file: string): OpenSnapshot {
  const instance = openReadOnly(file);
  const cards = instance.then(openDocuments);
  cards.catch(() => {}); // whoever reads meets it
  return { file, instance, cards, readers: 0 };
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

/** Opens a file afresh and reads a row: what is open already may be well while the file on the disk no longer is. */
async function checkReadable(file: string): Promise<void> {
  const instance = await openReadOnly(file);
  try {
    const db = await instance.connect();
    await db.runAndReadAll(CHECK);
    db.closeSync();
  } finally {
    instance.closeSync();
  }
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
  (await snapshot.cards.catch(() => null))?.close();
  const instance = await snapshot.instance.catch(() => null);
  instance?.closeSync();
}
