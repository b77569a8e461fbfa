import { randomUUID } from 'node:crypto';
import {
  acquireLease,
  checkLease,
  leaseHolder,
  releaseLease,
  renewLease,
  type Lease,
} from '../../store/leases.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { publish } from '../sync/run-sync.ts';

const LEASE_SECONDS = 60;
const RENEW_MS = 20_000;
const ASK_MS = 1000;
const REBUILD = 'rebuild-';

/**
 * Computes the portal's tables anew from the records and the mapping as they are now, and publishes them. Waits for a sync or an import that
 * is at the portal: what it publishes may stem from the mapping of before. Before the first publish there is nothing to do.
 */
export async function rebuildMarts(ctx: Context, portal: PortalId, signal: AbortSignal): Promise<void> {
  if ((await currentSnapshot(ctx.store, portal)) === null) return;
  const lease = await waitForLease(ctx, portal, signal);
  const renewing = setInterval(() => {
    renewLease(ctx.store, lease, LEASE_SECONDS).catch((error: unknown) =>
      ctx.log.warn('a lease could not be kept; its loss is noticed before anything is written', {
        portal,
        error,
      }),
    );
  }, RENEW_MS);
  try {
    const warehouse = await ctx.warehouse(portal);
    warehouse.setFence(() => checkLease(ctx.store, lease));
    await publish(ctx, warehouse, lease);
    ctx.log.info('the tables were published anew', { portal });
  } finally {
    clearInterval(renewing);
    await releaseLease(ctx.store, lease).catch((error: unknown) =>
      ctx.log.warn('a lease could not be given back; it runs out by itself', { portal, error }),
    );
  }
}

/** Whether somebody computes the portal's tables anew at this moment. */
export async function isRebuilding(ctx: Pick<Context, 'store'>, portal: PortalId): Promise<boolean> {
  return (await leaseHolder(ctx.store, portal))?.startsWith(REBUILD) ?? false;
}

// A holder of its own: the lease of one's own sync would be taken away by asking for it again.
async function waitForLease(ctx: Context, portal: PortalId, signal: AbortSignal): Promise<Lease> {
  for (;;) {
    signal.throwIfAborted();
    const lease = await acquireLease(ctx.store, portal, `${REBUILD}${randomUUID()}`, LEASE_SECONDS);
    if (lease !== null) return lease;
    await ctx.clock.sleep(ASK_MS, signal);
  }
}
