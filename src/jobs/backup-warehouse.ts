import { z } from 'zod';
import { copyWarehouse } from '../core/backup/copy-warehouse.ts';
import { defineJob } from './job.ts';
import { PortalIdSchema } from './portal-id.ts';

/** Copies a portal's warehouse into a file, for a backup: only the worker has the warehouse open. */
export const backupWarehouseJob = defineJob({
  name: 'backup-warehouse',
  payload: z.object({ portal: PortalIdSchema, file: z.string() }),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 3600,
  run: (ctx, { portal, file }) => copyWarehouse(ctx, portal, file),
});
