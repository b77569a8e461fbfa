import { join } from 'node:path';
import type { PortalId } from '../core/actor.ts';

/** Where a portal's warehouse lies. Portal ids are made by us and are plain words. */
export function portalFolder(dataDir: string, portal: PortalId): string {
  if (!/^[a-z0-9-]+$/.test(portal)) throw new RangeError('a portal id is small letters, digits and dashes');
  return join(dataDir, 'warehouse', portal);
}

export function mirrorFile(dataDir: string, portal: PortalId): string {
  return join(portalFolder(dataDir, portal), 'mirror.duckdb');
}

export function historyFile(dataDir: string, portal: PortalId, name: string): string {
  if (!/^history-\d{4}-\d{2}-\d+\.duckdb$/.test(name))
    throw new RangeError('this is no name of a history file');
  return join(portalFolder(dataDir, portal), name);
}

export function snapshotFile(dataDir: string, portal: PortalId, name: string): string {
  if (!/^current-[0-9a-zTZ-]+\.duckdb$/.test(name)) throw new RangeError('this is no name of a snapshot');
  return join(portalFolder(dataDir, portal), name);
}
