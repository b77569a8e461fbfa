import { z } from 'zod';
import { rebuildMarts } from '../core/accounts/rebuild.ts';
import { defineJob } from './job.ts';
import { PortalIdSchema } from './portal-id.ts';

const shared = {
  payload: z.object({ portal: PortalIdSchema }),
  retryDelaySeconds: 30,
  expireInSeconds: 3600,
};

/** Computes and publishes a portal's tables anew, after its mapping changed or usage was sent. One that waits is enough. */
export const rebuildMartsJob = defineJob({
  ...shared,
  name: 'rebuild-marts',
  retryLimit: 3,
  run: (ctx, { portal }, signal) => rebuildMarts(ctx, portal, signal),
});

/** The same for somebody who waits for it. */
export const askedRebuildJob = defineJob({
  ...shared,
  name: 'rebuild-marts-asked',
  retryLimit: 0,
  run: (ctx, { portal }, signal) => rebuildMarts(ctx, portal, signal),
});
