import { z } from 'zod';
import { portalsDue } from '../core/sync/due.ts';
import { defineJob } from './job.ts';

/** Each minute: puts a sync into the queue for every portal whose time has come. */
export const planSyncsJob = defineJob({
  name: 'plan-syncs',
  payload: z.unknown(),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 60,
  run: async (ctx) => {
    for (const portal of await portalsDue(ctx, ctx.syncEveryMinutes)) await ctx.enqueueSync(portal);
  },
});
