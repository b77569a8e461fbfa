import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ENGINE_OPTIONS } from './engine.ts';

/**
 * Makes a new immutable file: built aside, read once, flushed to the disk, renamed. Killed at any moment, the file is whole or not there.
 * Answers its size.
 */
export async function publishFile(options: {
  file: string;
  /** fills the file whose name it is given, and closes it */
  build: (aside: string) => Promise<void>;
  /** a statement that only a file that is whole can answer */
  check: string;
  onBuilt?: () => void;
  onFlushed?: () => void;
}): Promise<number> {
  const aside = `${options.file}.part`;
  await removeParts(dirname(options.file));
  await options.build(aside);
  options.onBuilt?.();
  await checkReadable(aside, options.check);
  const bytes = await flush(aside);
  options.onFlushed?.();
  await rename(aside, options.file);
  await flushFolder(dirname(options.file));
  return bytes;
}

async function checkReadable(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file, {
    ...ENGINE_OPTIONS,
    access_mode: 'READ_ONLY',
    threads: '1',
  });
  try {
    const db = await instance.connect();
    await db.runAndReadAll(sql);
    db.closeSync();
  } finally {
    instance.closeSync();
  }
}

async function flush(file: string): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be flushed there
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

// One process publishes a portal, so what lies there half made is of one that was killed.
async function removeParts(folder: string): Promise<void> {
  const parts = (await readdir(folder)).filter((file) => file.includes('.part'));
  await Promise.all(parts.map((file) => rm(join(folder, file), { force: true })));
}
