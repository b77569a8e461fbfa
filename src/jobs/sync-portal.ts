import { z } from 'zod';
import { isRebuilding } from '../core/accounts/rebuild.ts';
import { runSync } from '../core/sync/run-sync.ts';
import { PortalIdSchema } from './portal-id.ts';
import { defineJob } from './job.ts';

const ASK_MS = 1000;

/** Syncs one portal. Where another worker is at it, there is nothing to do. */
export const syncPortalJob = defineJob({
  name: 'sync-portal',
  payload: z.object({ portal: PortalIdSchema, full: z.boolean().default(false) }),
  retryLimit: 0, // the plan asks again in its time; the sync goes on from its place
  retryDelaySeconds: 0,
  expireInSeconds: 24 * 3600 - 1,
  run: async (ctx, { portal, full }, signal) => {
    // While the demo portal lives up to today, each of its weeks is a sync.
    if (ctx.demo?.portal === portal && !ctx.demo.isFollowing()) return;
    // A rebuild of the tables holds the portal for moments: a sync that somebody asked for comes after it.
    while (
      (await runSync(ctx, portal, { signal, sweep: full ? 'all' : 'due' })) === null &&
      (await isRebuilding(ctx, portal))
    )
      await ctx.clock.sleep(ASK_MS, signal);
  },
});
