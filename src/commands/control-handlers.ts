import { z } from 'zod';
import { Coverage } from '../core/accounts/coverage.ts';
import type { PortalId } from '../core/actor.ts';
import { systemClock } from '../core/clock.ts';
import type { HubSpotPort } from '../core/hubspot-port.ts';
import { getLedger } from '../core/portals/ledger-view.ts';
import { issueSetupLink } from '../core/people/sign-in.ts';
import {
  backUpWarehouse,
  enqueueSync,
  exportThroughWorker,
  importThroughWorker,
  rebuildThroughWorker,
  tryMappingThroughWorker,
} from '../jobs/queue.ts';
import type { ControlHandler } from '../process/control.ts';
import { writeBackup } from './backup-file.ts';
import { runChecks } from './checks.ts';
import { followSync } from './follow-sync.ts';
import { carryOutMapping, MappingAsked } from './mapping-actions.ts';
import { mappingFileOf, portalNamed } from './open-context.ts';
import type { RunningParts } from './running-parts.ts';
import { carryOutToken, TokenAsked } from './token.ts';
import { publishedOf } from './report.ts';

const ExportArgs = z.object({
  folder: z.string(),
  knownAt: z.string().nullable(),
  portal: z.string().nullable(),
});

const SyncArgs = z
  .object({ full: z.boolean() })
  .nullable()
  .transform((args) => args ?? { full: false });
const ImportArgs = z.object({ folder: z.string(), portal: z.string(), document: z.unknown() });
/** A command given without arguments sends null. */
const PortalArgs = z
  .object({ portal: z.string().nullable() })
  .nullable()
  .transform((args) => args ?? { portal: null });

/** The commands that a running product carries out for those who hold its folder's secret. */
export function controlHandlers(
  parts: RunningParts,
  hubspot: () => Promise<HubSpotPort>,
): Record<string, ControlHandler> {
  const { store, boss, portal, config } = parts;
  const portalOfArgs = (args: unknown): Promise<PortalId> =>
    portalNamed(store, PortalArgs.parse(args).portal ?? portal);
  return {
    sync: async (args, progress, signal) => {
      const { full } = SyncArgs.parse(args);
      const since = systemClock.now();
      await enqueueSync(boss, portal, { full });
      return followSync(store, portal, since, progress, signal);
    },
    link: async (args) => {
      const id = await portalOfArgs(args);
      return {
        url: `${config.publicUrl}/signin/${await issueSetupLink({ store, clock: systemClock }, id)}`,
      };
    },
    published: async (args) => publishedOf(store, await portalOfArgs(args)),
    ledger: async (args) => getLedger({ store }, await portalOfArgs(args)),
    doctor: async (args, _progress, signal) => {
      const asked = await portalOfArgs(args);
      return runChecks({
        dataDir: config.dataDir,
        notes: config.notes,
        store,
        portal: asked,
        withImported: PortalArgs.parse(args).portal === null,
        hubspot: asked === portal ? await hubspot() : null,
        clock: systemClock,
        isRunning: true,
        mappingFile: mappingFileOf(config),
        propose: async (id) => {
          const tried = await tryMappingThroughWorker(boss, id, { what: 'first proposal' }, signal);
          return z.object({ coverage: Coverage }).nullable().parse(tried)?.coverage ?? null;
        },
      });
    },
    mapping: async (args, _progress, signal) => {
      const asked = MappingAsked.parse(args);
      return carryOutMapping(
        {
          store,
          mappingFile: mappingFileOf(config),
          tryMapping: (id, document) =>
            tryMappingThroughWorker(boss, id, { what: 'coverage', document }, signal),
          propose: (id) => tryMappingThroughWorker(boss, id, { what: 'proposal' }, signal),
          rebuild: (id) => rebuildThroughWorker(boss, id, signal),
        },
        await portalNamed(store, asked.portal ?? portal),
        asked,
      );
    },
    token: async (args) => {
      const asked = TokenAsked.parse(args);
      return carryOutToken(store, await portalNamed(store, asked.portal ?? portal), asked);
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
