import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { buildMarts, type BuildInputs } from './build.ts';
import { translating } from './failure.ts';
import { snapshotFile } from './paths.ts';
import { publishFile } from './publish-file.ts';
import type { Warehouse } from './warehouse.ts';

const KEEP = 2;

/** The moments of a publish at which a kill must do no harm. */
export type PublishStep = 'publish-built' | 'publish-flushed' | 'publish-renamed';

export interface Published {
  /** the file's name, immutable from now on */
  name: string;
  bytes: number;
  publishedAt: Date;
}

/**
 * Publishes what readers may see as a new file: built aside, flushed to the disk, renamed. Killed at any moment, there is the old
 * snapshot or the new one, never half of one. `keep` names the snapshot that readers are still pointed at.
 */
export async function publishSnapshot(
  warehouse: Warehouse,
  options: {
    at: Date;
    keep: string | null;
    inputs: BuildInputs;
    failpoint?: (step: PublishStep) => void;
    /** reads the marts once they are built, on the connection that built them */
    use?: (db: DuckDBConnection) => Promise<void>;
  },
): Promise<Published> {
  const failpoint = options.failpoint ?? (() => {});
  const name = await freeName(warehouse.folder, options.at);
  const file = snapshotFile(warehouse.dataDir, warehouse.portal, name);
  const bytes = await publishFile({
    file,
    build: (aside) =>
      translating(file, () =>
        warehouse.alone((db) =>
          buildMarts(db, options.inputs, aside, () => options.use?.(db) ?? Promise.resolve()),
        ),
      ),
    check: 'select count(*) from record_counts',
    onBuilt: () => failpoint('publish-built'),
    onFlushed: () => failpoint('publish-flushed'),
  });
  failpoint('publish-renamed');
  await removeOld(warehouse.folder, name, options.keep);
  return { name, bytes, publishedAt: options.at };
}

// A published file never changes, so a second one of the same millisecond goes under the next.
async function freeName(folder: string, at: Date): Promise<string> {
  const taken = new Set(await readdir(folder));
  for (let ms = at.getTime(); ; ms += 1) {
    const name = `current-${new Date(ms).toISOString().replaceAll(/[:.]/g, '-')}.duckdb`;
    if (!taken.has(name)) return name;
  }
}

// Readers that have an older file open keep it: its name goes, its bytes stay until they close.
async function removeOld(folder: string, newest: string, keep: string | null): Promise<void> {
  const all = (await readdir(folder)).filter((file) => /^current-.*\.duckdb$/.test(file)).toSorted();
  const old = all.slice(0, -KEEP).filter((file) => file !== keep && file !== newest);
  await Promise.all(old.map((file) => rm(join(folder, file), { force: true })));
}
