import { acquireLease, releaseLease } from '../../store/leases.ts';
import { holdAllOutgoing } from '../../store/outbox.ts';
import { listPortals } from '../../store/portals.ts';
import { endEverything } from '../../store/sessions.ts';
import { AppError } from '../errors.ts';
import type { Context } from '../context.ts';
import { publish } from '../sync/run-sync.ts';

const LEASE_SECONDS = 600;

/**
 * Makes a restored copy harmless and readable: nothing that had not left leaves by itself, nobody is still signed in by a session that
 * may have been ended since, and every portal's data is published anew.
 */
export async function settleRestored(ctx: Context): Promise<void> {
  await holdAllOutgoing(ctx.store);
  await endEverything(ctx.store, ctx.clock.now());
  for (const { id } of await listPortals(ctx.store)) {
    const lease = await acquireLease(ctx.store, id, ctx.holder, LEASE_SECONDS);
    if (lease === null)
      throw new AppError('conflict', 'A worker is syncing this portal. Stop it, then restore again.');
    await publish(ctx, await ctx.warehouse(id), lease);
    await releaseLease(ctx.store, lease);
  }
}
