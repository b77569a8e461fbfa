import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';

const KNOWN_FROM = '2026-01-01T00:00:00Z';

export interface HandMadeRecord {
  type: string;
  id: string;
  properties?: Record<string, string>;
  createdAt?: string;
}

export type HandMadeLink = readonly [
  fromType: string,
  fromId: string,
  toType: string,
  toId: string,
  typeId?: number,
];

/** A warehouse with records made by hand, known since the beginning of 2026; the caller closes it. */
export async function handMadeWarehouse(
  records: readonly HandMadeRecord[],
  links: readonly HandMadeLink[] = [],
): Promise<{ warehouse: Warehouse; close: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-hand-'));
  const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
  await warehouse.write(async (db) => {
    for (const { type, id, properties, createdAt } of records) {
      await db.run(
        `insert into objects values ($type, $id, $known::timestamptz, $created::timestamptz, $created::timestamptz, false, null, $properties, 'hash')`,
        {
          type,
          id,
          known: KNOWN_FROM,
          created: createdAt ?? '2025-01-01T00:00:00Z',
          properties: JSON.stringify(properties ?? {}),
        },
      );
    }
    for (const [fromType, fromId, toType, toId, typeId] of links) {
      await db.run(
        `insert into associations values ($from_type, $from_id, $to_type, $to_id, 'HUBSPOT_DEFINED', $type_id, null, $known::timestamptz)`,
        {
          from_type: fromType,
          from_id: fromId,
          to_type: toType,
          to_id: toId,
          type_id: typeId ?? 999,
          known: KNOWN_FROM,
        },
      );
    }
  });
  return {
    warehouse,
    close: async () => {
      await warehouse.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
