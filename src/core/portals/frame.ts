import { getPortal, type Portal } from '../../store/portals.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { getDemoView, type DemoView } from './demo-view.ts';
import { getSyncFacts, type SyncFacts } from './overview.ts';

/** What stands around every page: whose data these are, and how old. */
export interface Frame {
  portal: Portal;
  sync: SyncFacts;
  /** where the demo portal is in its life; null for every other portal */
  demo: DemoView | null;
}

export async function getFrame(ctx: Pick<WebContext, 'store' | 'clock'>, portalId: PortalId): Promise<Frame> {
  const [portal, sync, demo] = await Promise.all([
    getPortal(ctx.store, portalId),
    getSyncFacts(ctx, portalId),
    getDemoView(ctx, portalId),
  ]);
  if (portal === null) throw new AppError('not_found', 'This portal is not known.');
  return { portal, sync, demo };
}
