import { z } from 'zod';
import { runImport } from '../core/import/run-import.ts';
import { defineJob } from './job.ts';

/** How long an import waits for a sync of its portal to end. */
const PATIENCE_MS = 600_000;

/** Imports CSV files into a portal: only the worker has the warehouse open. */
export const importFilesJob = defineJob({
  name: 'import-files',
  payload: z.object({ folder: z.string(), portal: z.string(), document: z.unknown() }),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 24 * 3600 - 1,
  run: (ctx, { folder, portal, document }, signal) =>
    runImport(
      // A sync of the portal by the same worker would take the lease of its own holder.
      { ...ctx, holder: `${ctx.holder}-import` },
      {
        folder,
        portal,
        document,
        signal,
        patienceMs: PATIENCE_MS,
        onProgress: ({ file, rows }) => ctx.log.debug('importing', { portal, file, rows }),
      },
    ),
});
