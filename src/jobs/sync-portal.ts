import { z } from 'zod';
import { runSync } from '../core/sync/run-sync.ts';
import { PortalIdSchema } from './portal-id.ts';
import { defineJob } from './job.ts';

/** Syncs one portal. Where another worker is at it, there is nothing to do. */
export const syncPortalJob = defineJob({
  name: 'sync-portal',
  payload: z.object({ portal: PortalIdSchema }),
  retryLimit: 0, // the plan asks again in its time; the sync goes on from its place
  retryDelaySeconds: 0,
  expireInSeconds: 24 * 3600 - 1,
  run: async (ctx, { portal }, signal) => {
    // While the demo portal lives up to today, each of its weeks is a sync.
    if (ctx.demo?.portal === portal && !ctx.demo.isFollowing()) return;
    await runSync(ctx, portal, { signal });
  },
});
