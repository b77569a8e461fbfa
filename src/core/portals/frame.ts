import { getPortal, type Portal } from '../../store/portals.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { getSyncFacts, type SyncFacts } from './overview.ts';

/** What stands around every page: whose data these are, and how old. */
export interface Frame {
  portal: Portal;
  sync: SyncFacts;
}

export async function getFrame(ctx: Pick<WebContext, 'store'>, portalId: PortalId): Promise<Frame> {
  const [portal, sync] = await Promise.all([getPortal(ctx.store, portalId), getSyncFacts(ctx, portalId)]);
  if (portal === null) throw new AppError('not_found', 'This portal is not known.');
  return { portal, sync };
}
