import { open, readdir, rename, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { ENGINE_OPTIONS } from './engine.ts';
import { translating } from './failure.ts';
import { snapshotFile } from './paths.ts';
import type { Warehouse } from './warehouse.ts';

const MARTS = new URL('../../analytics/marts/', import.meta.url);
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
  options: { at: Date; keep: string | null; failpoint?: (step: PublishStep) => void },
): Promise<Published> {
  const failpoint = options.failpoint ?? (() => {});
  const name = await freeName(warehouse.folder, options.at);
  const file = snapshotFile(warehouse.dataDir, warehouse.portal, name);
  const aside = `${file}.part`;
  await removeParts(warehouse.folder);
  await translating(file, () => warehouse.alone((db) => build(db, aside)));
  failpoint('publish-built');
  await checkReadable(aside);
  const bytes = await flush(aside);
  failpoint('publish-flushed');
  await rename(aside, file);
  await flushFolder(warehouse.folder);
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

/** The published tables: a file each, whose header says what it counts and what its columns are. */
export function marts(): {
  name: string;
  select: string;
  comment: string;
  columns: Record<string, string>;
}[] {
  return readdirSync(MARTS)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => {
      const text = readFileSync(new URL(file, MARTS), 'utf8');
      const header = [...text.matchAll(/^-- ?(.*)$/gm)].map((match) => match[1] ?? '');
      const columns = header.flatMap((line) => {
        const match = /^@(\w+) (.+)$/.exec(line);
        return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], match[2]] as const];
      });
      return {
        name: file.replace('.sql', ''),
        select: text.replace(/;\s*$/, ''),
        comment: header.filter((line) => !line.startsWith('@')).join('\n'),
        columns: Object.fromEntries(columns),
      };
    });
}

async function build(db: DuckDBConnection, aside: string): Promise<void> {
  await db.run(`attach ${text(aside)} as snapshot`);
  try {
    for (const mart of marts()) {
      await db.run(`create table snapshot.${mart.name} as ${mart.select}`);
      await db.run(`comment on table snapshot.${mart.name} is ${text(mart.comment)}`);
      for (const [column, comment] of Object.entries(mart.columns)) {
        await db.run(`comment on column snapshot.${mart.name}.${column} is ${text(comment)}`);
      }
    }
    await db.run('checkpoint snapshot');
  } finally {
    await db.run('detach snapshot');
  }
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

async function checkReadable(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file, {
    ...ENGINE_OPTIONS,
    access_mode: 'READ_ONLY',
    threads: '1',
  });
  try {
    const db = await instance.connect();
    await db.runAndReadAll('select count(*) from record_counts');
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

async function removeParts(folder: string): Promise<void> {
  const parts = (await readdir(folder)).filter((file) => file.includes('.part'));
  await Promise.all(parts.map((file) => rm(join(folder, file), { force: true })));
}

// Readers that have an older file open keep it: its name goes, its bytes stay until they close.
async function removeOld(folder: string, newest: string, keep: string | null): Promise<void> {
  const all = (await readdir(folder)).filter((file) => /^current-.*\.duckdb$/.test(file)).toSorted();
  const old = all.slice(0, -KEEP).filter((file) => file !== keep && file !== newest);
  await Promise.all(old.map((file) => rm(join(folder, file), { force: true })));
}
