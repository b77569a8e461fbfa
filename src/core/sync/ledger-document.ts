import { z } from 'zod';
import { saveSyncLedger } from '../../store/sync-ledgers.ts';
import type { Sql } from '../../store/sql.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PortalId } from '../actor.ts';
import { Reconciled } from './progress.ts';

const count = z.number().int();
/** ISO 8601 */
const moment = z.iso.datetime();

export const LedgerType = z.object({
  objectType: z.string(),
  /** what HubSpot calls a custom object; null for the types of every portal */
  label: z.string().nullable(),
  /** when it was last counted against HubSpot; null when it never was, and then the numbers are */
  checkedAt: moment.nullable(),
  /** live records by HubSpot's search; null when it did not say */
  hubspotTotal: count.nullable(),
  live: count.nullable(),
  archived: count.nullable(),
  merged: count.nullable(),
  purged: count.nullable(),
  state: Reconciled,
  /** how many records differ */
  differing: count,
  /** when every record of the type was last read whole */
  sweptAt: moment.nullable(),
  /** when the links of all its records were last put on the list of those to read */
  linksAt: moment.nullable(),
  /** records whose links are still to be read */
  linksDue: count.default(0),
  /** the types to which links are left out */
  linksSkipped: z.array(z.string()).default([]),
  /** those among them to which HubSpot does not let us read the links, with what it says, as a sentence */
  linksRefused: z.array(z.object({ toType: z.string(), reason: z.string() })).default([]),
});
export type LedgerType = z.output<typeof LedgerType>;

export const LedgerWindow = z.object({
  objectType: z.string(),
  pass: z.enum(['load', 'changes', 'bin', 'sweep', 'links', 'history']),
  toType: z.string().nullable(),
  /** the modified dates that changes were asked for; null for all else */
  from: moment.nullable(),
  to: moment.nullable(),
  startedAt: moment,
  /** null when it was cut off */
  finishedAt: moment.nullable(),
  /** how many there are, as HubSpot said at the start; null where it does not say */
  total: count.nullable(),
  /** different records that came */
  landed: count,
  /** versions, or links, added or closed */
  versions: count,
  requests: count,
  retries: count,
  seconds: z.number(),
});
export type LedgerWindow = z.output<typeof LedgerWindow>;

/** What a sync can show of its completeness: the newest count and the newest reading of every type. */
export const LedgerDocument = z.object({
  types: z.array(LedgerType),
  windows: z.array(LedgerWindow),
  /** the first of the records in which the two differ */
  differences: z.array(
    z.object({ objectType: z.string(), id: z.string(), kind: z.enum(['missing_here', 'missing_there']) }),
  ),
  /** how many there are in all */
  differing: count,
});
export type LedgerDocument = z.output<typeof LedgerDocument>;

/** More records than these are counted and not named. */
const MOST_NAMED = 1000;

const at = z
  .number()
  .nullable()
  .transform((ms) => (ms === null ? null : new Date(ms).toISOString()));

const types = defineQuery({
  file: 'reads/ledger_types.sql',
  params: z.object({}),
  row: z
    .object({
      object_type: z.string(),
      label: z.string().nullable(),
      checked_at: at,
      hubspot_total: count.nullable(),
      live: count.nullable(),
      archived: count.nullable(),
      merged: count.nullable(),
      purged: count.nullable(),
      state: Reconciled.nullable(),
      differing: count.nullable(),
      swept_at: at,
      links_at: at,
      links_due: count,
      links_skipped: z.array(z.string()),
      links_refused: z.array(z.object({ to_type: z.string(), reason: z.string() })),
    })
    .transform((row): LedgerType => ({
      objectType: row.object_type,
      label: row.label,
      checkedAt: row.checked_at,
      hubspotTotal: row.hubspot_total,
      live: row.live,
      archived: row.archived,
      merged: row.merged,
      purged: row.purged,
      state: row.state ?? 'unknown',
      differing: row.differing ?? 0,
      sweptAt: row.swept_at,
      linksAt: row.links_at,
      linksDue: row.links_due,
      linksSkipped: row.links_skipped,
      linksRefused: row.links_refused.map(({ to_type, reason }) => ({ toType: to_type, reason })),
    })),
});

const windows = defineQuery({
  file: 'reads/ledger_windows.sql',
  params: z.object({}),
  row: z
    .object({
      object_type: z.string(),
      pass: LedgerWindow.shape.pass,
      to_type: z.string().nullable(),
      window_from: at,
      window_to: at,
      started_at: z.number(),
      finished_at: at,
      total: count.nullable(),
      landed: count,
      versions: count,
      requests: count,
      retries: count,
      seconds: z.number(),
    })
    .transform((row): LedgerWindow => ({
      objectType: row.object_type,
      pass: row.pass,
      toType: row.to_type,
      from: row.window_from,
      to: row.window_to,
      startedAt: new Date(row.started_at).toISOString(),
      finishedAt: row.finished_at,
      total: row.total,
      landed: row.landed,
      versions: row.versions,
      requests: row.requests,
      retries: row.retries,
      seconds: row.seconds,
    })),
});

const differences = defineQuery({
  file: 'reads/ledger_differences.sql',
  params: z.object({ most: z.number() }),
  row: z.object({
    object_type: z.string(),
    id: z.string(),
    kind: z.enum(['missing_here', 'missing_there']),
    total: count,
  }),
});

/** Reads the ledger from the mirror. */
export function readLedger(warehouse: Warehouse): Promise<LedgerDocument> {
  return warehouse.read(async (db) => {
    const named = await differences(db, { most: MOST_NAMED });
    return {
      types: await types(db, {}),
      windows: await windows(db, {}),
      differences: named.map(({ object_type, id, kind }) => ({ objectType: object_type, id, kind })),
      differing: named[0]?.total ?? 0,
    };
  });
}

/** Keeps the ledger where pages and the doctor find it: the mirror belongs to the worker alone. */
export async function keepLedger(
  ctx: { store: Sql; clock: { now(): Date } },
  portal: PortalId,
  warehouse: Warehouse,
): Promise<void> {
  await saveSyncLedger(ctx.store, portal, await readLedger(warehouse), ctx.clock.now());
}
