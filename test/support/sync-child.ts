// A worker's sync in a process of its own, over the parent's store, that ends as killed at a named step.
// Arguments: data folder, HubSpot's address, step, and the how-manieth time it comes by.
import { systemClock } from '../../src/core/clock.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { runSync } from '../../src/core/sync/run-sync.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { connectStore } from '../../src/store/remote.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

const [dataDir = '', apiUrl = '', step = '', times = '1'] = process.argv.slice(2);
const portal = 'main' as PortalId;
let left = Number(times);
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
  { signal: new AbortController().signal },
);
await warehouse.close();
process.send?.({ ended: result?.state ?? 'none', sentence: result?.sentence ?? null });
process.disconnect();
