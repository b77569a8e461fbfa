import type { PortalId } from '../core/actor.ts';
import { systemClock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import type { Config } from '../config.ts';
import { installHttpAgent } from '../hubspot/agent.ts';
import { createClosers } from '../process/closers.ts';
import { openLog } from '../process/log.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/sql.ts';
import { startDemo } from './demo-child.ts';
import { createDemoTime } from './demo-time.ts';
import { openContext, portalOf } from './open-context.ts';
import { EMBEDDED_WORKER } from './worker.ts';

export interface OfflineParts {
  store: Store;
  portal: PortalId;
  context: Context;
}

/** Opens what a command needs while no product runs, lends it, and closes it in reverse. The folder must be held. */
export async function withParts<T>(
  config: Config,
  options: { startDemo: boolean },
  work: (parts: OfflineParts) => Promise<T>,
): Promise<T> {
  const { log, close } = openLog({
    level: config.logLevel,
    role: 'command',
    folder: `${config.dataDir}/logs`,
  });
  const closers = createClosers(log);
  closers.push('log', close);
  try {
    installHttpAgent();
    const demo =
      options.startDemo && config.hubspot.mode === 'demo' ? await startDemo(config.dataDir, {}, log) : null;
    if (demo !== null) closers.push('demo HubSpot', () => demo.stop());
    const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
    closers.push('operational store', () => store.close());
    const portal = await portalOf(store, config);
    await demo?.ready;
    const holder = config.databaseUrl === null ? EMBEDDED_WORKER : `command-${process.pid}`;
    const time = demo === null ? null : createDemoTime({ ...demo, store, clock: systemClock, portal });
    const demoUrl = demo?.url ?? null;
    const context = openContext({ config, store, log, holder, demoUrl, demo: time, closers });
    return await work({ store, portal, context });
  } finally {
    await closers.closeAll();
  }
}
