// A worker's sync in a process of its own, over the parent's store, that ends as killed: by itself at a named step, or by its parent at any
// moment. It loads everything, says so, and waits to be told what to sync, so that no kill falls into the start of a program.
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SyncProgress } from '../../src/core/sync/progress.ts';
import { runSync } from '../../src/core/sync/run-sync.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { connectStore } from '../../src/store/remote.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { ChildTask, type ChildSays } from './sync-child-messages.ts';

type Phase = SyncProgress['phase'];

// A first sync reads links while records are still read: from the first of them on that is where a kill should fall.
function phaseOf({ phase: told, associations }: SyncProgress): Phase {
  if (told === 'records' && associations.done > 0) return 'associations';
  return told === 'sweeping' && phase === 'associations' ? phase : told;
}

const say = (message: ChildSays): void => void process.send?.(message);
const told = Promise.withResolvers<ChildTask>();
process.on('message', (message) => {
  const task = ChildTask.safeParse(message);
  if (task.success) told.resolve(task.data);
});
say({ syncChild: 'warm' });

const { dataDir, apiUrl, portal, step, times, sweep } = await told.promise;
let left = times;
let phase: Phase | '' = '';
const warehouse = await openWarehouse({ dataDir, portal, log: silentLog });
const hubspot = openHubSpot({
  apiUrl,
  accessToken: () => Promise.resolve('demo-token'),
  budget: createBudget({ clock: systemClock, limits: { search: 500, burst: 5000 } }),
  clock: systemClock,
  log: silentLog,
});
const result = await runSync(
  {
    store: connectStore(process),
    clock: systemClock,
    portalClock: () => Promise.resolve(systemClock),
    demo: null,
    log: silentLog,
    dataDir,
    hubspotAppId: null,
    holder: 'worker',
    warehouse: () => Promise.resolve(warehouse),
    dropWarehouse: () => Promise.resolve(),
    hubspot: () => Promise.resolve(hubspot),
    failpoint: (now) => {
      if (now !== step) return;
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    },
  },
  portal,
  {
    signal: new AbortController().signal,
    sweep,
    onProgress: (progress) => {
      const now = phaseOf(progress);
      if (now === phase) return;
      phase = now;
      say({ syncChild: 'phase', phase: now });
    },
  },
);
await warehouse.close();
say({ syncChild: 'ended', state: result?.state ?? 'none', sentence: result?.sentence ?? null });
process.disconnect();
