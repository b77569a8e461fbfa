import { z } from 'zod';
import { acquireLease, checkLease, releaseLease, renewLease, type Lease } from '../../store/leases.ts';
import { ensurePortal, listPortals, type Portal } from '../../store/portals.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { mappingAt } from '../../store/mappings.ts';
import { parseMapping } from '../accounts/mapping.ts';
import { keepMapping } from '../accounts/portal-mapping.ts';
import { publish } from '../sync/run-sync.ts';
import { clearSegments } from '../sync/segment.ts';
import type { ImportProgress } from './context.ts';
import { parseImportMapping, type ImportMapping } from './file-mapping.ts';
import { importFiles } from './import-files.ts';
import type { ImportResult } from './result.ts';

const LEASE_SECONDS = 60;
const RENEW_MS = 20_000;
const ASK_MS = 1_000;
/** Portals that HubSpot's settings make; an import may add to them, but not make them. */
const MADE_BY_SETTINGS = new Set(['demo', 'main']);

export interface RunImportOptions {
  /** the folder that holds the files */
  folder: string;
  /** the portal's name; it is made where it is missing */
  portal: string;
  /** a mapping as read from its file; its parts `imports` and `book.time_zone` are used here */
  document: unknown;
  signal: AbortSignal;
  /** how long to wait while a worker is at the portal; left out, not at all */
  patienceMs?: number;
  onProgress: (progress: ImportProgress) => void;
}

const Document = z.looseObject({
  imports: z.unknown().optional(),
  book: z.looseObject({ time_zone: z.string().nullish() }).nullish(),
});

/**
 * Brings CSV files into a portal and publishes what readers may see, as the only one who works on it. Throws AppError `invalid` before
 * anything is loaded, and `conflict` while another worker is at the portal.
 */
export async function runImport(ctx: Context, options: RunImportOptions): Promise<ImportResult> {
  const { mapping, timeZone } = readDocument(options.document);
  const portal = await findOrMakePortal(ctx, options.portal);
  const lease = await awaitLease(ctx, portal.id, options);
  const lost = new AbortController();
  const renewing = setInterval(() => {
    renewLease(ctx.store, lease, LEASE_SECONDS).catch((error: unknown) => lost.abort(error));
  }, RENEW_MS);
  try {
    const signal = AbortSignal.any([options.signal, lost.signal]);
    const zone = timeZone ?? portal.timeZone ?? 'UTC';
    return await underLease(ctx, lease, { ...options, signal }, mapping, {
      timeZone: zone,
      // A portal that is synced keeps the mapping of its HubSpot records.
      keepsMapping: portal.mode === 'import',
    });
  } finally {
    clearInterval(renewing);
    await releaseLease(ctx.store, lease).catch((error: unknown) =>
      ctx.log.warn('a lease could not be given back; it runs out by itself', { portal: portal.id, error }),
    );
  }
}

async function awaitLease(
  ctx: Context,
  portal: PortalId,
  { signal, patienceMs = 0 }: RunImportOptions,
): Promise<Lease> {
  const until = ctx.clock.now().getTime() + patienceMs;
  for (;;) {
    const lease = await acquireLease(ctx.store, portal, ctx.holder, LEASE_SECONDS);
    if (lease !== null) return lease;
    if (ctx.clock.now().getTime() >= until)
      throw new AppError('conflict', 'A worker is syncing this portal. Wait for its end, then import again.');
    await ctx.clock.sleep(ASK_MS, signal);
  }
}

async function underLease(
  ctx: Context,
  lease: Lease,
  options: RunImportOptions,
  mapping: ImportMapping,
  { timeZone, keepsMapping }: { timeZone: string; keepsMapping: boolean },
): Promise<ImportResult> {
  const { portal } = lease;
  const warehouse = await ctx.warehouse(portal);
  warehouse.setFence(() => checkLease(ctx.store, lease));
  await clearSegments({ warehouse });
  const { signal, onProgress, folder } = options;
  const { dataDir, failpoint } = ctx;
  // What a file says is known from the portal's own moment on, as its other records are.
  const clock = await ctx.portalClock(portal);
  const log = ctx.log.child({ portal });
  const result = await importFiles(
    { warehouse, clock, log, dataDir, signal, onProgress, failpoint },
    { folder, mapping, timeZone },
  );
  // Kept once the files are in: an import that was refused leaves the portal's mapping as it was.
  const before = await mappingAt(ctx.store, portal, clock.now());
  if (keepsMapping) await keepMapping(ctx, portal, options.document, 'import');
  const after = await mappingAt(ctx.store, portal, clock.now());
  const isChanged = result.total.fresh + result.total.changed > 0 || before?.version !== after?.version;
  if (isChanged || (await currentSnapshot(ctx.store, portal)) === null) await publish(ctx, warehouse, lease);
  return result;
}

function readDocument(document: unknown): { mapping: ImportMapping; timeZone: string | null } {
  const parsed = Document.safeParse(document);
  if (!parsed.success || parsed.data.imports === undefined)
    throw new AppError(
      'invalid',
      'The mapping has no part "imports". Name there which files are read, as what and how; docs/examples has two.',
    );
  parseMapping(document);
  return {
    mapping: parseImportMapping(parsed.data.imports),
    timeZone: parsed.data.book?.time_zone ?? null,
  };
}

async function findOrMakePortal(ctx: Context, name: string): Promise<Portal> {
  if (!/^[a-z0-9-]{1,40}$/.test(name))
    throw new AppError(
      'invalid',
      `The portal name ${JSON.stringify(name)} cannot be used: take small letters, digits and dashes.`,
    );
  const find = async (): Promise<Portal | undefined> =>
    (await listPortals(ctx.store)).find(({ id }) => id === name);
  const known = await find();
  if (known !== undefined) return known;
  if (MADE_BY_SETTINGS.has(name))
    throw new AppError(
      'not_found',
      `The portal ${name} is not here yet. Start Holdfast once with its settings, or import into a portal of another name.`,
    );
  await ensurePortal(ctx.store, name, 'import');
  const made = await find();
  if (made === undefined) throw new Error('the portal was made and is not there');
  return made;
}
