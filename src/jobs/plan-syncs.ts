import { z } from 'zod';
import { portalsDue } from '../core/sync/due.ts';
import { portalsWithWaitingUsage } from '../core/usage/waiting.ts';
import { defineJob } from './job.ts';

/**
 * Each minute: puts a sync into the queue for every portal whose time has come, and a rebuild where usage waits and no sync comes; the demo
 * portal lives up to today first.
 */
export const planSyncsJob = defineJob({
  name: 'plan-syncs',
  payload: z.unknown(),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 60,
  run: async (ctx) => {
    const isLiving = ctx.demo !== null && !ctx.demo.isFollowing();
    if (isLiving) await ctx.enqueueLife();
    for (const portal of await portalsDue(ctx, ctx.syncEveryMinutes)) {
      // The demo portal is left alone until it has caught up with today.
      if (!isLiving || portal !== ctx.demo?.portal) await ctx.enqueueSync(portal);
    }
    for (const portal of await portalsWithWaitingUsage(ctx, ctx.syncEveryMinutes))
      await ctx.enqueueRebuild(portal);
  },
});
