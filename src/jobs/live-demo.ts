import { z } from 'zod';
import { liveDemo } from '../core/portals/live-demo.ts';
import { defineJob } from './job.ts';

/** Lives the demo portal up to today, then leaves it to the plan of all portals. */
export const liveDemoJob = defineJob({
  name: 'live-demo',
  payload: z.unknown(),
  retryLimit: 0, // the plan asks again in its time; life goes on from its place
  retryDelaySeconds: 0,
  expireInSeconds: 24 * 3600 - 1,
  run: async (ctx, _payload, signal) => {
    if (ctx.demo !== null && !ctx.demo.isFollowing()) await liveDemo(ctx, ctx.demo, { signal });
  },
});
