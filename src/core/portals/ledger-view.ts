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

/**
 * Where the records are here as HubSpot counts them, or nearly so, but not all of their links: linking, they are still to be read; unlinked,
 * HubSpot does not let us read those to some type, and nothing changes before somebody grants it.
 */
const Verdict = z.enum([...Reconciled.options, 'linking', 'unlinked']);

const LedgerRow = LedgerType.extend({
  /** what is said of the type, or that HubSpot keeps it from us */
  state: z.enum([...Verdict.options, 'refused']),
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
  /** complete only where every type that may be read is; else the worst that is said of one. After a run that did not end well at best unknown */
  state: Verdict,
  rows: z.array(LedgerRow),
  /** live records of the types that reconcile */
  reconciled: z.number().int(),
  /** the newest run that ended, with what it cost; null before the first */
  result: SyncResult.nullable(),
  /** more records differ than are named */
  isCut: z.boolean(),
});
export type Ledger = z.output<typeof Ledger>;

const WORST = ['differs', 'unknown', 'linking', 'unlinked', 'settling', 'complete'] as const;

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
  const reasons = new Map(
    result?.types.flatMap((type) =>
      type.state === 'skipped' ? [[type.objectType, type.reason] as const] : [],
    ),
  );
  const rows = [
    ...ledger.types.map((type): LedgerRow => {
      const { objectType } = type;
      // A type that may not be read has a row of its own that says so.
      const linksSkipped = type.linksSkipped.filter((toType) => !reasons.has(toType));
      const linksRefused = type.linksRefused.filter(({ toType }) => linksSkipped.includes(toType));
      const left = { ...type, linksSkipped, linksRefused };
      return {
        ...left,
        state: reasons.has(objectType) ? 'refused' : stateOf(left),
        reason: reasons.get(objectType) ?? null,
        windows: ledger.windows.filter((window) => window.objectType === objectType),
        differences: ledger.differences
          .filter((one) => one.objectType === objectType)
          .map(({ id, kind }) => ({ id, kind, hubspotUrl: hubspotUrl(portal, objectType, id) })),
      };
    }),
    ...neverCounted(result, ledger),
  ].toSorted((a, b) => placeOf(a.objectType) - placeOf(b.objectType));
  const said = rows.map((row) => row.state);
  if (result?.state !== 'complete') said.push('unknown');
  return {
    state: WORST.find((state) => said.includes(state)) ?? 'unknown',
    rows,
    reconciled: rows.reduce((sum, row) => sum + (row.state === 'complete' ? (row.live ?? 0) : 0), 0),
    result,
    isCut: ledger.differing > ledger.differences.length,
  };
}

function stateOf({ state, linksDue, linksSkipped, linksRefused }: LedgerType): LedgerRow['state'] {
  if (state !== 'complete' && state !== 'settling') return state;
  if (linksDue > 0 || linksSkipped.length > linksRefused.length) return 'linking';
  return linksRefused.length > 0 ? 'unlinked' : state;
}

// What the run left out, or did not come to, and what no run before it counted.
function neverCounted(result: SyncResult | null, ledger: LedgerDocument): LedgerRow[] {
  const counted = new Set(ledger.types.map((type) => type.objectType));
  const types = result?.types.filter((type) => type.state !== 'done' && !counted.has(type.objectType)) ?? [];
  return types.map((type) => emptyRow(type, type.state === 'skipped' ? 'refused' : 'unknown'));
}

// In the order in which a person would want them, custom objects last.
function placeOf(objectType: string): number {
  const place = STANDARD_TYPES.findIndex((type) => type === objectType);
  return place < 0 ? STANDARD_TYPES.length : place;
}

function emptyRow(
  { objectType, label, reason }: SyncResult['types'][number],
  state: 'refused' | 'unknown',
): LedgerRow {
  return {
    objectType,
    label,
    checkedAt: null,
    hubspotTotal: null,
    live: null,
    archived: null,
    merged: null,
    purged: null,
    state,
    differing: 0,
    sweptAt: null,
    linksAt: null,
    linksDue: 0,
    linksSkipped: [],
    linksRefused: [],
    reason,
    windows: [],
    differences: [],
  };
}
