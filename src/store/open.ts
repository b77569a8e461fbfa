import type { Log } from '../core/log.ts';
import { migrate } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import type { Store } from './sql.ts';

export interface OpenStoreOptions {
  /** a PostgreSQL address, or null for the embedded store in DATA_DIR */
  databaseUrl: string | null;
  dataDir: string;
  log: Log;
}

/**
 * Opens the operational store and brings its schema up to this program's.
 * Throws AppError `unavailable` with a sentence when it cannot be reached, read or written, and `conflict` when
 * a newer Holdfast wrote it (nothing is touched then).
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const store =
    options.databaseUrl === null
      ? await openPglite(options.dataDir, options.log)
      : await openPostgres(options.databaseUrl, options.log);
  try {
    await migrate(store, options.log);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
