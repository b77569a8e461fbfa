import { getPortal, type Portal } from '../../store/portals.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { demoDataAt, getDemoView, type DemoView } from './demo-view.ts';
import { getSyncFacts, type SyncFacts } from './overview.ts';

/** What stands around every page: whose data these are, and how old. */
export interface Frame {
  portal: Portal;
  sync: SyncFacts;
  /** where the demo portal is in its life, and of which moment the data are that a page shows; null for every other portal */
  demo: (DemoView & { dataAt: Date | null }) | null;
}

export async function getFrame(
  ctx: Pick<WebContext, 'store' | 'clock' | 'current' | 'snapshots'>,
  portalId: PortalId,
): Promise<Frame> {
  const [portal, sync, demo] = await Promise.all([
    getPortal(ctx.store, portalId),
    getSyncFacts(ctx, portalId),
    getDemoFrame(ctx, portalId),
  ]);
  if (portal === null) throw new AppError('not_found', 'This portal is not known.');
  return { portal, sync, demo };
}

/** For every portal but the demo nothing is read. */
export async function getDemoFrame(
  ctx: Pick<WebContext, 'store' | 'clock' | 'current' | 'snapshots'>,
  portal: PortalId,
): Promise<Frame['demo']> {
  const demo = await getDemoView(ctx, portal);
  return demo === null ? null : { ...demo, dataAt: await demoDataAt(ctx, portal) };
}
