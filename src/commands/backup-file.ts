import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as tar from 'tar';
import { z } from 'zod';
import type { PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { SECRET_KEY_FILE } from '../process/secret-key.ts';
import { VERSION } from '../process/version.ts';
import { isPgliteStore } from '../store/pglite.ts';
import { listPortals } from '../store/portals.ts';
import { historyFiles } from '../store/snapshots.ts';
import type { Store } from '../store/sql.ts';
import { historyFile } from '../warehouse/paths.ts';
import { DEMO_FILE } from './demo-portal.ts';
import type { Step } from './follow-sync.ts';

export const STORE_DUMP = 'store.tar.gz';
export const MANIFEST = 'manifest.json';
const SMALL_FILES = [SECRET_KEY_FILE, DEMO_FILE];

/** What a backup says about itself. */
export const Manifest = z.object({
  format: z.literal(1),
  version: z.string(),
  madeAt: z.iso.datetime(),
  engine: z.enum(['pglite', 'postgres']),
  portals: z.array(z.string()),
});
export type Manifest = z.output<typeof Manifest>;

export interface BackupOptions {
  /** absolute; must not exist */
  file: string;
  dataDir: string;
  store: Store;
  at: Date;
  /** has whoever owns the warehouse copy it into a new file */
  copyWarehouse(portal: PortalId, file: string): Promise<void>;
  progress(step: Step): void;
}

/**
 * Writes one file with everything that DATA_DIR holds and cannot be made again: the embedded store, the warehouses, the key. It appears under
 * its name only when it is whole. Throws AppError `conflict` when the file exists, `unavailable` when it cannot be written.
 */
export async function writeBackup(options: BackupOptions): Promise<{ file: string; bytes: number }> {
  const { file, dataDir, store } = options;
  if (existsSync(file)) throw new AppError('conflict', `${file} exists already. Give another name.`);
  const folder = join(dataDir, `backup-${process.pid}-${options.at.getTime()}`);
  const aside = join(dirname(file), `.${basename(file)}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const portals = await listPortals(store);
    const total = portals.length + 2;
    for (const [n, portal] of portals.entries()) {
      options.progress({ label: `copying the warehouse of ${portal.id}`, done: n, total });
      await options.copyWarehouse(portal.id, join(folder, `warehouse-${portal.id}.duckdb`));
      await copyHistory(options, portal.id, join(folder, historyFolder(portal.id)));
    }
    options.progress({ label: 'copying the operational store', done: total - 2, total });
    if (isPgliteStore(store)) await writeFile(join(folder, STORE_DUMP), await store.dump());
    for (const name of SMALL_FILES) {
      if (existsSync(join(dataDir, name))) await cp(join(dataDir, name), join(folder, name));
    }
    const manifest: Manifest = {
      format: 1,
      version: VERSION,
      madeAt: options.at.toISOString(),
      engine: store.engine,
      portals: portals.map((portal) => portal.id),
    };
    await writeFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
    options.progress({ label: 'packing', done: total - 1, total });
    await tar.create({ gzip: { level: 1 }, file: aside, cwd: folder, portable: true, mode: 0o600 }, ['.']);
    const bytes = await flush(aside);
    await rename(aside, file);
    return { file, bytes };
  } catch (cause) {
    await rm(aside, { force: true });
    if (cause instanceof AppError || !(cause instanceof Error && 'code' in cause)) throw cause;
    throw new AppError(
      'unavailable',
      `The backup ${file} could not be written (${String(cause.code)}). Free space or give a folder that can be written; nothing was changed.`,
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where a portal's history files lie in a backup. */
export function historyFolder(portal: string): string {
  return `history-${portal}`;
}

// They never change, so they are copied past whoever writes. One that was replaced meanwhile is written anew at the restore.
async function copyHistory(
  { dataDir, store }: BackupOptions,
  portal: PortalId,
  folder: string,
): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for (const { name } of await historyFiles(store, portal)) {
    await copyFile(historyFile(dataDir, portal, name), join(folder, name)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}

/** What a backup file says about itself, once it is unpacked. */
export async function readManifest(folder: string, file: string): Promise<Manifest> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new AppError(
      'invalid',
      `${file} is no backup of Holdfast, or it is cut off. Nothing was changed.`,
      {
        cause,
      },
    );
  }
}

async function flush(file: string): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
