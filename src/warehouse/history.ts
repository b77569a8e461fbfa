import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { translating } from './failure.ts';
import { historyFile } from './paths.ts';
import { publishFile } from './publish-file.ts';
import { defineQuery } from './query.ts';
import type { Warehouse } from './warehouse.ts';

const FOLDER = new URL('../../analytics/history/', import.meta.url);
const TABLES = [
  'objects',
  'associations',
  'definitions',
  'health_scores',
  'tombstones',
  'property_versions',
] as const;

/** The moments of writing a month at which a kill must do no harm. */
export type HistoryStep = 'history-renamed' | 'history-pointed';

/** What a month has gained, and the file that holds it. */
export interface HistoryFile {
  month: string;
  name: string;
  versions: number;
}

const months = defineQuery({
  file: 'history/months.sql',
  params: z.object({}),
  row: z.object({ month: z.string(), versions: z.number() }),
});

/**
 * Writes a new file for every month (UTC) that has gained versions since the file that is pointed at, or whose file is gone; none where
 * nothing was learned. `before` leaves out that month and later ones, for a portal that lives through many weeks in a few minutes.
 * `point` moves the pointer before the older file goes. Answers what was written.
 */
export async function publishHistory(
  warehouse: Warehouse,
  options: {
    pointed: readonly HistoryFile[];
    before?: string | null;
    point: (file: HistoryFile) => Promise<void>;
    failpoint?: (step: HistoryStep) => void;
  },
): Promise<HistoryFile[]> {
  const present = new Set(await readdir(warehouse.folder));
  const written: HistoryFile[] = [];
  for (const { month, versions } of await warehouse.read((db) => months(db, {}))) {
    if (typeof options.before === 'string' && month >= options.before) continue;
    const pointed = options.pointed.find((file) => file.month === month);
    if (pointed?.versions === versions && present.has(pointed.name)) continue;
    const file = { month, versions, name: nextName(month, [...present, pointed?.name ?? '']) };
    await writeMonth(warehouse, file);
    options.failpoint?.('history-renamed');
    await options.point(file);
    options.failpoint?.('history-pointed');
    await removeOld(warehouse.folder, month, [file.name, pointed?.name]);
    written.push(file);
  }
  return written;
}

// A name is never used twice: a reader may have learned it from a pointer that has moved on.
function nextName(month: string, taken: readonly string[]): string {
  const numbers = taken
    .filter((name) => name.startsWith(`history-${month}-`))
    .map((name) => Number(/-(\d+)\.duckdb/.exec(name)?.[1] ?? 0));
  return `history-${month}-${Math.max(0, ...numbers) + 1}.duckdb`;
}

async function writeMonth(warehouse: Warehouse, { month, name }: HistoryFile): Promise<void> {
  const file = historyFile(warehouse.dataDir, warehouse.portal, name);
  await publishFile({
    file,
    build: (aside) => translating(file, () => warehouse.alone((db) => fill(db, aside, month))),
    check: 'select count(*) from objects',
  });
}

async function fill(db: DuckDBConnection, aside: string, month: string): Promise<void> {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const span = {
    begins: new Date(Date.UTC(year, number - 1)).toISOString(),
    ends: new Date(Date.UTC(year, number)).toISOString(),
  };
  // Most months are small, and a table takes a block at least.
  await db.run(`attach '${aside.replaceAll("'", "''")}' as history (block_size 16384)`);
  try {
    for (const table of TABLES) {
      const sql = readFileSync(new URL(`${table}.sql`, FOLDER), 'utf8').replace(/;\s*$/, '');
      await db.run(`create table history.${table} as ${sql}`, span);
    }
    await db.run('checkpoint history');
  } finally {
    await db.run('detach history');
  }
}

// Readers that are still pointed at the file before find it.
async function removeOld(
  folder: string,
  month: string,
  keep: readonly (string | undefined)[],
): Promise<void> {
  const old = (await readdir(folder)).filter(
    (file) => file.startsWith(`history-${month}-`) && !keep.includes(file),
  );
  await Promise.all(old.map((file) => rm(join(folder, file), { force: true })));
}
