import { adoptMappingFile } from '../core/accounts/portal-mapping.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Config } from '../config.ts';
import { installHttpAgent } from '../hubspot/agent.ts';
import { enqueueLife, enqueueRebuild, enqueueSync, prepareQueues, startJobs } from '../jobs/queue.ts';
import { onParentStop, tellParent } from '../process/children.ts';
import { createClosers, type Closers } from '../process/closers.ts';
import { openLog } from '../process/log.ts';
import { openStore } from '../store/open.ts';
import { closeQueue, openQueue } from '../store/queue.ts';
import { connectStore } from '../store/remote.ts';
import type { Store } from '../store/sql.ts';
import { forgetWorker, markWorkerAlive } from '../store/workers.ts';
import { createDemoTime, type DemoPlace } from './demo-time.ts';
import { openContext, portalOf } from './open-context.ts';
import { loadConfig } from '../config.ts';

const ALIVE_MS = 10_000;

export interface WorkerParts {
  config: Config;
  store: Store;
  /** stable for the one worker of an embedded store, so that after a kill the next one goes on at once */
  holder: string;
  /** the demo's HubSpot; null without one */
  demo: DemoPlace | null;
  log: Log;
  closers: Closers;
}

/** The only worker of an embedded store. */
export const EMBEDDED_WORKER = 'embedded-worker';

/** Begins to work: on every queue, with a sign of life every ten seconds. */
export async function startWorker(parts: WorkerParts): Promise<void> {
  const { config, store, holder, log, closers } = parts;
  const demo =
    parts.demo === null
      ? null
      : createDemoTime({ store, clock: systemClock, portal: await portalOf(store, config), ...parts.demo });
  const context = openContext({ ...parts, demoUrl: parts.demo?.url ?? null, demo });
  const stopping = new AbortController();
  const boss = await openQueue(store, { databaseUrl: config.databaseUrl, log, works: true });
  closers.push('working queue', () => closeQueue(boss));
  closers.push('running jobs', () =>
    stopping.abort(new AppError('conflict', 'Holdfast is stopping; the next start goes on from here.')),
  );
  const alive = async (): Promise<void> => {
    try {
      await markWorkerAlive(store, holder);
      tellParent({ type: 'alive', rssBytes: process.memoryUsage.rss() });
    } catch (error) {
      log.warn('the sign of life could not be stored', { error });
    }
  };
  await alive();
  const timer = setInterval(() => void alive(), ALIVE_MS);
  closers.push('sign of life', async () => {
    clearInterval(timer);
    await forgetWorker(store, holder).catch(() => {}); // it is forgotten by its age anyway
  });
  await prepareQueues(boss);
  // A file that was changed while nothing ran is the next version, before any work asks for the mapping.
  const ruled = context.mappingFile?.portal;
  if (ruled !== undefined && (await adoptMappingFile(context, ruled))) await enqueueRebuild(boss, ruled);
  await startJobs(
    boss,
    {
      ...context,
      syncEveryMinutes: config.syncEveryMinutes,
      enqueueSync: (portal) => enqueueSync(boss, portal),
      enqueueLife: () => enqueueLife(boss),
      enqueueRebuild: (portal) => enqueueRebuild(boss, portal),
    },
    stopping.signal,
  );
}

/** The worker as a child of the process that serves the pages. */
export async function runWorkerChild(options: {
  demoUrl?: string;
  demoBegins?: string;
  demoAnchor?: string;
}): Promise<void> {
  const config = loadConfig();
  const { log, close } = openLog({
    level: config.logLevel,
    role: 'worker',
    folder: process.stdout.isTTY ? `${config.dataDir}/logs` : null,
  });
  const closers = createClosers(log);
  closers.push('log', close);
  onParentStop(() => void closers.closeAll().then(() => process.exit(0)));
  installHttpAgent();
  const store =
    config.databaseUrl === null
      ? connectStore(process)
      : await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  closers.push('operational store', () => store.close());
  const holder = config.databaseUrl === null ? EMBEDDED_WORKER : `worker-${process.pid}-${Date.now()}`;
  await startWorker({ config, store, holder, demo: demoPlace(options), log, closers });
  tellParent({ type: 'ready', url: null });
}

function demoPlace(options: {
  demoUrl?: string;
  demoBegins?: string;
  demoAnchor?: string;
}): DemoPlace | null {
  const { demoUrl: url, demoBegins: begins, demoAnchor: anchor } = options;
  if (url === undefined || begins === undefined || anchor === undefined) return null;
  return { url, begins: new Date(begins), anchor: new Date(anchor) };
}
