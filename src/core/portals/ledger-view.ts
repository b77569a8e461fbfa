import { z } from 'zod';
import { getPortal } from '../../store/portals.ts';
import type { Sql } from '../../store/sql.ts';
import { readSyncLedger } from '../../store/sync-ledgers.ts';
import { readSyncStatus } from '../../store/sync-status.ts';
import { hubspotUrl } from '../accounts/hubspot-url.ts';
import type { PortalId } from '../actor.ts';
import { LedgerDocument, LedgerType, LedgerWindow } from '../sync/ledger-document.ts';
import { STANDARD_TYPES } from '../sync/object-types.ts';
import { Reconciled, SyncResult } from '../sync/progress.ts';

const LedgerRow = LedgerType.extend({
  /** what is said of the type, or that HubSpot keeps it from us */
  state: z.enum([...Reconciled.options, 'refused']),
  /** why it could not be read, as a sentence */
  reason: z.string().nullable(),
  windows: z.array(LedgerWindow),
  differences: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['missing_here', 'missing_there']),
      hubspotUrl: z.string().nullable(),
    }),
  ),
});
export type LedgerRow = z.output<typeof LedgerRow>;

export const Ledger = z.object({
  /** complete only where every type that may be read is; else the worst that is said of one */
  state: Reconciled,
  rows: z.array(LedgerRow),
  /** live records of the types that reconcile */
  reconciled: z.number().int(),
  /** the newest run that ended, with what it cost; null before the first */
  result: SyncResult.nullable(),
  /** more records differ than are named */
  isCut: z.boolean(),
});
export type Ledger = z.output<typeof Ledger>;

const WORST = ['differs', 'unknown', 'settling', 'complete'] as const;

/** Whether everything is here, type by type, as the newest sync left it; null before the first one ended. */
export async function getLedger(ctx: { store: Sql }, portalId: PortalId): Promise<Ledger | null> {
  const [portal, kept, status] = await Promise.all([
    getPortal(ctx.store, portalId),
    readSyncLedger(ctx.store, portalId),
    readSyncStatus(ctx.store, portalId),
  ]);
  if (kept === null) return null;
  const ledger = LedgerDocument.parse(kept);
  const result = SyncResult.safeParse(status.result).data ?? null;
  const refused = new Map(
    result?.types.flatMap((type) => (type.state === 'skipped' ? [[type.objectType, type] as const] : [])),
  );
  const known = ledger.types.map((type): LedgerRow => {
    const { objectType } = type;
    const refusal = refused.get(objectType);
    refused.delete(objectType);
    return {
      ...type,
      state: refusal === undefined ? type.state : 'refused',
      reason: refusal?.reason ?? null,
      windows: ledger.windows.filter((window) => window.objectType === objectType),
      differences: ledger.differences
        .filter((one) => one.objectType === objectType)
        .map(({ id, kind }) => ({ id, kind, hubspotUrl: hubspotUrl(portal, objectType, id) })),
    };
  });
  const rows = [...known, ...[...refused.values()].map(neverRead)].toSorted(
    (a, b) => placeOf(a.objectType) - placeOf(b.objectType),
  );
  const counted = rows.filter((row) => row.state !== 'refused');
  return {
    state: WORST.find((state) => counted.some((row) => row.state === state)) ?? 'unknown',
    rows,
    reconciled: counted.reduce((sum, row) => sum + (row.state === 'complete' ? (row.live ?? 0) : 0), 0),
    result,
    isCut: ledger.differing > ledger.differences.length,
  };
}

// In the order in which a person would want them, custom objects last.
function placeOf(objectType: string): number {
  const place = STANDARD_TYPES.findIndex((type) => type === objectType);
  return place < 0 ? STANDARD_TYPES.length : place;
}

function neverRead({ objectType, label, reason }: SyncResult['types'][number]): LedgerRow {
  return {
    objectType,
    label,
    checkedAt: null,
    hubspotTotal: null,
    live: null,
    archived: null,
    merged: null,
    purged: null,
    state: 'refused',
    differing: 0,
    sweptAt: null,
    linksAt: null,
    reason,
    windows: [],
    differences: [],
  };
}
