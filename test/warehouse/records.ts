import type { CrmObject } from '../../src/core/hubspot-port.ts';
import { NOON } from './mirror.ts';

/** A company as HubSpot sends it, last modified so many minutes after noon. */
export function company(
  id: string,
  modifiedMinute: number,
  properties: Record<string, string | null> = { name: `Company ${id}` },
): CrmObject {
  return {
    id,
    properties,
    createdAt: '2025-01-01T00:00:00Z',
    updatedAt: new Date(NOON.getTime() + modifiedMinute * 60_000).toISOString(),
    archived: false,
    archivedAt: null,
  };
}
