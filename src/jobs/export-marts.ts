import { z } from 'zod';
import { exportMarts } from '../core/accounts/export-marts.ts';
import { defineJob } from './job.ts';
import { PortalIdSchema } from './portal-id.ts';

/** Writes a portal's marts as CSV files: only the worker has the warehouse open. */
export const exportMartsJob = defineJob({
  name: 'export-marts',
  payload: z.object({ portal: PortalIdSchema, folder: z.string(), knownAt: z.string().nullable() }),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 3600,
  run: async (ctx, { portal, folder, knownAt }) => exportMarts(ctx, portal, { folder, knownAt }),
});
