import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';

/** Who holds a data folder; kept beside the lock so that a second process can name the first and talk to it. */
const HolderFacts = z.object({
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  what: z.string(),
  /** the loopback port on which the holder takes commands; null when it takes none */
  controlPort: z.number().int().nullable(),
  secret: z.string(),
});
export type HolderFacts = z.output<typeof HolderFacts>;

/** The folder in a data folder that holds a backup while its parts are moved into place. */
export const RESTORING = 'restoring';

export interface DataDirHold {
  facts: HolderFacts;
  /** Tells later processes on which port this one takes commands. */
  announce(controlPort: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes the data folder (0700) if it is missing and holds it for this process alone. The lock is the
 * operating system's on a small DuckDB file, so it goes with the process, however it ends.
 * Throws AppError `conflict` that names the holder or a restore that was cut off, or `unavailable` when the folder cannot be used.
 */
export async function holdDataDir(dataDir: string, what: string): Promise<DataDirHold> {
  await prepareDataDir(dataDir);
  const lock = await lockFile(dataDir);
  if (what !== 'restore' && existsSync(join(dataDir, RESTORING))) {
    lock.closeSync();
    throw new AppError(
      'conflict',
      `A restore into ${dataDir} was cut off half-way. Do it again with: holdfast restore <file> --replace. What was there before it lies in ${join(dataDir, 'before-restore-...')}.`,
    );
  }
  const facts: HolderFacts = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    what,
    controlPort: null,
    secret: randomBytes(32).toString('base64url'),
  };
  await writeFacts(dataDir, facts);
  return {
    facts,
    announce: async (controlPort) => {
      facts.controlPort = controlPort;
      await writeFacts(dataDir, facts);
    },
    release: async () => {
      await rm(factsFile(dataDir), { force: true });
      lock.closeSync();
    },
  };
}

/** What the holder of a data folder wrote about itself; null when nobody did. */
export async function readHolder(dataDir: string): Promise<HolderFacts | null> {
  try {
    return HolderFacts.parse(JSON.parse(await readFile(factsFile(dataDir), 'utf8')));
  } catch {
    return null; // missing, half-written or older: the lock itself decides, this only names
  }
}

/** Makes the data folder (0700) where it is missing; throws AppError `unavailable` when it cannot be written. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolders(dataDir);
    const probe = join(dataDir, `.probe-${process.pid}`);
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The data folder ${dataDir} cannot be written (${errorCode(cause)}). Free space or change its rights, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
}

// Node's own recursive mkdir never ends where a system folder refuses children with ENOENT, as /proc does.
async function makeFolders(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) await makeFolders(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (!existsSync(folder)) throw error; // another start made it meanwhile
  });
}

async function lockFile(dataDir: string, retry = true): Promise<DuckDBInstance> {
  const file = join(dataDir, 'lock.duckdb');
  try {
    return await DuckDBInstance.create(file, { threads: '1', memory_limit: '32MB' });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // A file torn by a full disk holds nothing worth keeping; a held one is refused before it is read.
    if (retry && /not a valid DuckDB|corrupt|checksum/i.test(message)) {
      await rm(file, { force: true });
      return lockFile(dataDir, false);
    }
    if (!/lock/i.test(message)) {
      throw new AppError(
        'unavailable',
        `The data folder ${dataDir} cannot be locked: ${message.split('\n')[0]}`,
        { cause },
      );
    }
    const holder = await readHolder(dataDir);
    const who =
      holder === null
        ? 'Another process'
        : `Holdfast (${holder.what}, process ${holder.pid}, since ${holder.startedAt})`;
    throw new AppError(
      'conflict',
      `${who} is using the data folder ${dataDir}. Stop it first, or set DATA_DIR to another folder.`,
      {
        cause,
      },
    );
  }
}

async function writeFacts(dataDir: string, facts: HolderFacts): Promise<void> {
  const aside = `${factsFile(dataDir)}.${process.pid}`;
  await writeFile(aside, JSON.stringify(facts), { mode: 0o600 });
  await chmod(aside, 0o600);
  await rename(aside, factsFile(dataDir));
}

function factsFile(dataDir: string): string {
  return join(dataDir, 'holder.json');
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
