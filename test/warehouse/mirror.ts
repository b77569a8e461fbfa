import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SyncContext } from '../../src/core/sync/context.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { temporaryFolder } from '../support/folder.ts';
import { loadContext } from './load-context.ts';

export const PORTAL = 'main' as PortalId;
export const NOON = new Date('2026-03-01T12:00:00Z');

export type Row = Record<string, unknown>;

/** A new mirror in a folder of its own, with a clock that stands at noon. */
export async function openMirror(): Promise<{
  ctx: SyncContext;
  warehouse: Warehouse;
  clock: VirtualClock;
  dataDir: string;
}> {
  const dataDir = await temporaryFolder();
  const warehouse = await openWarehouse({ dataDir, portal: PORTAL, log: silentLog });
  onTestFinished(() => warehouse.close());
  const clock = new VirtualClock(NOON);
  return { ctx: loadContext(warehouse, clock), warehouse, clock, dataDir };
}

/** The rows of a query on the mirror; moments as ISO text. */
export function rowsOf(warehouse: Warehouse, sql: string): Promise<Row[]> {
  return warehouse.read(async (db) => (await db.runAndReadAll(sql)).getRowObjectsJson());
}

/** A digest for every file under a folder, by its path. */
export async function digests(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashed = await Promise.all(
    files.toSorted().map(async (file) => {
      const hash = createHash('sha256').update(await readFile(file));
      return [file.slice(folder.length + 1), hash.digest('hex')] as const;
    }),
  );
  return Object.fromEntries(hashed);
}
