import type { Portal } from '../../store/portals.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';

/**
 * The portal that a signed HubSpot request speaks for; null while we cannot know, because the first sync of one has not asked HubSpot for its
 * number yet. Throws AppError `not_found` when it is not one of ours.
 */
export async function portalOfHubSpot(
  ctx: Pick<WebContext, 'current'>,
  hubspotPortalId: string,
): Promise<Portal | null> {
  const portal = /^\d{1,18}$/.test(hubspotPortalId)
    ? await ctx.current.portalByHubSpotId(hubspotPortalId)
    : null;
  if (portal === null && !(await ctx.current.hasUnread()))
    throw new AppError(
      'not_found',
      'This HubSpot portal is not connected to this Holdfast. Connect it first, or open the card in the portal that is.',
    );
  return portal;
}
