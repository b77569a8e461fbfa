import { listPortals } from '../../store/portals.ts';
import { usageWaitsSince } from '../../store/usage-inbox.ts';
import type { PortalId } from '../actor.ts';
import type { UsageContext } from './tokens.ts';

const MINUTE_MS = 60_000;

/** Portals that nobody syncs, where usage has waited for as long as a sync would take to come. */
export async function portalsWithWaitingUsage(ctx: UsageContext, everyMinutes: number): Promise<PortalId[]> {
  const before = ctx.clock.now().getTime() - everyMinutes * MINUTE_MS;
  const waiting: PortalId[] = [];
  for (const { id, mode } of await listPortals(ctx.store)) {
    const since = mode === 'import' ? await usageWaitsSince(ctx.store, id) : null;
    if (since !== null && since.getTime() <= before) waiting.push(id);
  }
  return waiting;
}
