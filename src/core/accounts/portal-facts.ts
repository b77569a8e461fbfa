import { z } from 'zod';
import { defineQuery } from '../../warehouse/query.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';

/** What the portal itself says, which its records do not. */
export interface PortalFacts {
  timeZone: string;
  currency: string;
  /** the number of our app in HubSpot; null where it was not known */
  appId: string | null;
}

/** Of a portal that HubSpot has told nothing of: one of files, whose mapping may say more. */
const FALLBACK: PortalFacts = { timeZone: 'UTC', currency: 'USD', appId: null };

const facts = defineQuery({
  file: 'reads/portal_facts.sql',
  params: z.object({ known_at: z.string() }),
  row: z.object({
    time_zone: z.string().nullable(),
    currency: z.string().nullable(),
    app_id: z.string().nullable(),
  }),
});

/**
 * The portal's facts as known at a moment, so that a later change of them alters no answer about the past. They are versions of a
 * definition, written by each sync before its first record.
 */
export async function portalFactsAt(warehouse: Pick<Warehouse, 'read'>, knownAt: Date): Promise<PortalFacts> {
  const [row] = await warehouse.read((db) => facts(db, { known_at: knownAt.toISOString() }));
  return {
    timeZone: row?.time_zone ?? FALLBACK.timeZone,
    currency: row?.currency ?? FALLBACK.currency,
    appId: row?.app_id ?? FALLBACK.appId,
  };
}
