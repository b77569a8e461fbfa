import { z } from 'zod';
import { systemClock } from '../core/clock.ts';
import type { HubSpotPort } from '../core/hubspot-port.ts';
import { issueSetupLink } from '../core/people/sign-in.ts';
import { backUpWarehouse, enqueueSync, exportThroughWorker, importThroughWorker } from '../jobs/queue.ts';
import type { ControlHandler } from '../process/control.ts';
import { writeBackup } from './backup-file.ts';
import { runChecks } from './checks.ts';
import { followSync } from './follow-sync.ts';
import { portalNamed } from './open-context.ts';
import type { RunningParts } from './running-parts.ts';

const ExportArgs = z.object({
  folder: z.string(),
  knownAt: z.string().nullable(),
  portal: z.string().nullable(),
});

const ImportArgs = z.object({ folder: z.string(), portal: z.string(), document: z.unknown() });

/** The commands that a running product carries out for those who hold its folder's secret. */
export function controlHandlers(
  parts: RunningParts,
  hubspot: () => Promise<HubSpotPort>,
): Record<string, ControlHandler> {
  const { store, boss, portal, config } = parts;
  return {
    sync: async (_args, progress, signal) => {
      const since = systemClock.now();
      await enqueueSync(boss, portal);
      return followSync(store, portal, since, progress, signal);
    },
    link: async () => ({
      url: `${config.publicUrl}/signin/${await issueSetupLink({ store, clock: systemClock }, portal)}`,
    }),
    doctor: async () => {
      const { dataDir, notes } = config;
      return runChecks({ dataDir, notes, store, portal, hubspot: await hubspot(), isRunning: true });
    },
    export: async (args, _progress, signal) => {
      const { folder, knownAt, portal: name } = ExportArgs.parse(args);
      const id = await portalNamed(store, name ?? portal);
      return exportThroughWorker(boss, { portal: id, folder, knownAt }, signal);
    },
    import: async (args, progress, signal) => {
      const payload = ImportArgs.parse(args);
      progress({ label: `importing into ${payload.portal}, by the running product`, done: 0, total: null });
      return importThroughWorker(boss, payload, signal);
    },
    backup: async (args, progress, signal) => {
      const { file } = z.object({ file: z.string() }).parse(args);
      return writeBackup({
        file,
        dataDir: config.dataDir,
        store,
        at: systemClock.now(),
        copyWarehouse: (id, target) => backUpWarehouse(boss, id, target, signal),
        progress,
      });
    },
  };
}
