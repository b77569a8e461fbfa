import { z } from 'zod';
import { countOutgoing } from '../../store/outbox.ts';
import { getPortal, type Portal } from '../../store/portals.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import { readSyncStatus } from '../../store/sync-status.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import { SyncProgress, SyncResult } from '../sync/progress.ts';
import type { WebContext } from '../web-context.ts';
import { getDemoFrame, type Frame } from './frame.ts';
import { readHealth, type Health } from './health.ts';

const PAGE_SIZE = 20;

const recordCounts = defineQuery({
  file: 'reads/record_counts.sql',
  params: z.object({}),
  row: z.object({
    object_type: z.string(),
    label: z.string().nullable(),
    live: z.number(),
    archived: z.number(),
    newest_change: z.date().nullable(),
  }),
});

const companyPage = defineQuery({
  file: 'reads/company_page.sql',
  params: z.object({ words: z.string(), sort: z.string(), page_size: z.number(), first_row: z.number() }),
  row: z.object({
    company_id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    lifecycle_stage: z.string().nullable(),
    owner: z.string().nullable(),
    created_at: z.date().nullable(),
    updated_at: z.date().nullable(),
    total: z.number(),
  }),
});

const accountBands = defineQuery({
  file: 'reads/account_bands.sql',
  params: z.object({}),
  row: z.object({
    accounts: z.number(),
    customers: z.number(),
    past_due: z.number(),
    within_30: z.number(),
    within_90: z.number(),
    risk: z.number(),
  }),
});
export type AccountBands = Awaited<ReturnType<typeof accountBands>>[number];

export const COMPANY_SORTS = ['name', 'owner', 'stage', 'updated'] as const;

/** What the company list is asked for; whatever is wrong in an address becomes the default. */
export const CompanyListInput = z.object({
  q: z.string().trim().max(100).catch(''),
  sort: z.enum(COMPANY_SORTS).catch('name'),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});
export type CompanyListInput = z.output<typeof CompanyListInput>;

export type CompanyRow = Omit<Awaited<ReturnType<typeof companyPage>>[number], 'total'>;

export interface SyncFacts {
  progress: SyncProgress | null;
  result: SyncResult | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** the end of the last run that brought everything */
  syncedAt: Date | null;
  /** when the data that readers see were published; null before the first time */
  publishedAt: Date | null;
}

export interface Overview {
  portal: Portal;
  sync: SyncFacts;
  /** where the demo portal is in its life; null for every other portal */
  demo: Frame['demo'];
  health: Health[];
  safeMode: boolean;
  held: number;
  /** null before the first snapshot, and when it cannot be read */
  data: OverviewData | null;
  /** why published data cannot be read, as a sentence; null when they can, or when there are none */
  dataProblem: string | null;
}

export interface OverviewData {
  counts: Awaited<ReturnType<typeof recordCounts>>;
  /** how many accounts there are, and how many need a look */
  accounts: AccountBands | null;
  companies: CompanyRow[];
  /** how many companies the search found */
  total: number;
  pages: number;
  input: CompanyListInput;
}

/** Everything the start page shows, from the published snapshot and our own rows; never from HubSpot. */
export async function getOverview(ctx: WebContext, portalId: PortalId, raw: unknown): Promise<Overview> {
  const input = CompanyListInput.parse(raw);
  const portal = await getPortal(ctx.store, portalId);
  if (portal === null) throw new AppError('not_found', 'This portal is not known.');
  const [sync, demo, health, outgoing, snapshot] = await Promise.all([
    getSyncFacts(ctx, portalId),
    getDemoFrame(ctx, portalId),
    readHealth(ctx, portalId).then((rows) =>
      // there is no HubSpot behind imported files
      portal.mode === 'import' ? rows.filter(({ part }) => part !== 'hubspot') : rows,
    ),
    countOutgoing(ctx.store, portalId),
    currentSnapshot(ctx.store, portalId),
  ]);
  const frame = { portal, sync, demo, health, safeMode: ctx.settings.safeMode, held: outgoing.held ?? 0 };
  if (snapshot === null) return { ...frame, data: null, dataProblem: null };
  try {
    const data = await ctx.snapshots.read(portalId, snapshot.name, (db) => readData(db, input));
    return { ...frame, data, dataProblem: null };
  } catch (error) {
    // The page still says how the rest is doing, and offers the sync that mends this.
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    ctx.log.error('the published data cannot be read', { portal: portalId, error });
    return { ...frame, data: null, dataProblem: error.message };
  }
}

async function readData(
  db: Parameters<typeof recordCounts>[0],
  input: CompanyListInput,
): Promise<OverviewData> {
  const counts = await recordCounts(db, {});
  const [accounts = null] = await accountBands(db, {});
  const rows = await companyPage(db, {
    words: input.q,
    sort: input.sort,
    page_size: PAGE_SIZE,
    first_row: (input.page - 1) * PAGE_SIZE,
  });
  // A page behind the end (an old address, a list that shrank) becomes the first one.
  if (rows.length === 0 && input.page > 1) return readData(db, { ...input, page: 1 });
  const total = rows[0]?.total ?? 0;
  return {
    counts,
    accounts,
    companies: rows,
    total,
    pages: Math.max(1, Math.ceil(total / PAGE_SIZE)),
    input,
  };
}

/** Where the sync stands. A document of another version reads as none. */
export async function getSyncFacts(ctx: Pick<WebContext, 'store'>, portal: PortalId): Promise<SyncFacts> {
  const [row, snapshot] = await Promise.all([
    readSyncStatus(ctx.store, portal),
    currentSnapshot(ctx.store, portal),
  ]);
  return {
    progress: SyncProgress.safeParse(row.progress).data ?? null,
    result: SyncResult.safeParse(row.result).data ?? null,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    syncedAt: row.succeededAt,
    publishedAt: snapshot?.publishedAt ?? null,
  };
}
