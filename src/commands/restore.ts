import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as tar from 'tar';
import { AppError } from '../core/errors.ts';
import { settleRestored } from '../core/backup/settle-restored.ts';
import type { Config } from '../config.ts';
import { holdDataDir, RESTORING } from '../process/data-dir.ts';
import { SECRET_KEY_FILE } from '../process/secret-key.ts';
import { restorePglite } from '../store/pglite.ts';
import { historyFile, mirrorFile, portalFolder } from '../warehouse/paths.ts';
import type { PortalId } from '../core/actor.ts';
import { historyFolder, readManifest, STORE_DUMP, type Manifest } from './backup-file.ts';
import { DEMO_FILE } from './demo-portal.ts';
import { withParts } from './offline-parts.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

/** What an unused data folder may hold: the lock and who holds it. */
const OWN_FILES = new Set(['lock.duckdb', 'holder.json', 'logs', RESTORING]);
const KEPT = 'before-restore-';

/**
 * `holdfast restore <file>`: puts a backup into DATA_DIR. It is unpacked and made ready in a folder inside, then its parts are moved into
 * place; those that were there stay in another folder inside. DATA_DIR itself is not moved: it may be a mount point.
 */
export async function runRestoreCommand(name: string, options: { replace?: boolean }): Promise<void> {
  const config = loadConfig();
  const terminal = openTerminal({ quiet: false });
  const file = resolve(name);
  if (!existsSync(file)) throw new AppError('not_found', `There is no file ${file}.`);
  const hold = await holdDataDir(config.dataDir, 'restore');
  const aside = join(config.dataDir, `${RESTORING}.part`);
  try {
    await rm(aside, { recursive: true, force: true });
    await refuseFullFolder(config.dataDir, options.replace === true);
    terminal.progress({ label: 'unpacking', done: 0, total: 3 });
    const manifest = await unpack(file, aside, config);
    terminal.progress({ label: 'publishing', done: 1, total: 3 });
    await settle({ ...config, dataDir: aside });
    terminal.progress({ label: 'moving into place', done: 2, total: 3 });
    const kept = await moveIntoPlace(aside, config.dataDir);
    terminal.endProgress();
    terminal.say(`Restored the backup of ${manifest.madeAt}, made by version ${manifest.version}.`);
    if (kept !== null) terminal.say(`What was there is kept in ${kept}.`);
    terminal.say('Every outgoing kind is switched off and everybody is signed out. Start with: npm start');
  } finally {
    await hold.release();
    await rm(aside, { recursive: true, force: true });
  }
}

async function refuseFullFolder(dataDir: string, replace: boolean): Promise<void> {
  const there = (await readdir(dataDir)).filter((name) => !OWN_FILES.has(name));
  if (there.length === 0 || replace) return;
  throw new AppError(
    'conflict',
    `${dataDir} is not empty. Give --replace to put the backup in its place (what is there is kept in a folder inside), or set DATA_DIR to a new folder.`,
  );
}

async function unpack(file: string, aside: string, config: Config): Promise<Manifest> {
  const raw = join(aside, 'unpacked');
  await mkdir(raw, { recursive: true, mode: 0o700 });
  try {
    await tar.extract({ file, cwd: raw, strict: true });
  } catch (cause) {
    throw new AppError(
      'invalid',
      `${file} is no backup of Holdfast, or it is cut off. Nothing was changed.`,
      {
        cause,
      },
    );
  }
  const manifest = await readManifest(raw, file);
  refuseOtherEngine(manifest, config);
  if (manifest.engine === 'pglite') await restorePglite(aside, await readFile(join(raw, STORE_DUMP)));
  for (const id of manifest.portals) {
    const portal = id as PortalId; // named by the backup we made; paths.ts refuses anything but a plain word
    const copy = join(raw, `warehouse-${id}.duckdb`);
    await mkdir(portalFolder(aside, portal), { recursive: true, mode: 0o700 });
    await rename(copy, mirrorFile(aside, portal));
    // A backup of an earlier version has none; they are written anew then.
    const history = join(raw, historyFolder(id));
    for (const name of existsSync(history) ? await readdir(history) : [])
      await rename(join(history, name), historyFile(aside, portal, name));
  }
  for (const name of [SECRET_KEY_FILE, DEMO_FILE]) {
    if (existsSync(join(raw, name))) await cp(join(raw, name), join(aside, name));
  }
  await rm(raw, { recursive: true });
  return manifest;
}

function refuseOtherEngine(manifest: Manifest, config: Config): void {
  if (manifest.engine === 'pglite' && config.databaseUrl !== null) {
    throw new AppError(
      'invalid',
      'This backup holds an embedded store, and DATABASE_URL is set. Leave DATABASE_URL out to restore it.',
    );
  }
  if (manifest.engine === 'postgres' && config.databaseUrl === null) {
    throw new AppError(
      'invalid',
      'This backup was made with DATABASE_URL set. Restore the database with pg_restore, set DATABASE_URL, then restore this file.',
    );
  }
}

async function settle(config: Config): Promise<void> {
  await withParts(config, { startDemo: false }, ({ context }) => settleRestored(context));
  await rm(join(config.dataDir, 'logs'), { recursive: true, force: true });
}

// Under the name that refuses a start until all of it is in place: half a restore must not be taken for the whole.
async function moveIntoPlace(aside: string, dataDir: string): Promise<string | null> {
  const ready = join(dataDir, RESTORING);
  await rm(ready, { recursive: true, force: true });
  await rename(aside, ready);
  const there = (await readdir(dataDir)).filter((name) => !OWN_FILES.has(name) && !name.startsWith(KEPT));
  const kept = join(dataDir, `${KEPT}${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  if (there.length > 0) await moveAll(there, dataDir, kept);
  await moveAll(
    (await readdir(ready)).filter((name) => !OWN_FILES.has(name)),
    ready,
    dataDir,
  );
  await rm(ready, { recursive: true });
  return there.length > 0 ? kept : null;
}

async function moveAll(names: readonly string[], from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await rename(join(from, name), join(to, name));
}
