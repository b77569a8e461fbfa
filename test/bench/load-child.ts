// One first sync in a process of its own, as the worker does it; tells the parent how long it took and what memory it used.
import type { PortalId } from '../../src/core/actor.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { syncPortal } from '../../src/core/sync/sync-portal.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { publishSnapshot } from '../../src/warehouse/publish.ts';
import { demoInputs } from '../support/book.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

const [dataDir = '', apiUrl = ''] = process.argv.slice(2);
const UNLIMITED = 1_000_000_000;
const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
await new Promise((resolve) => setTimeout(resolve, 500));
const idleBytes = process.memoryUsage.rss();
let peakBytes = idleBytes;
const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 50);
const begin = performance.now();
const result = await syncPortal({
  hubspot: openHubSpot({
    apiUrl,
    accessToken: () => Promise.resolve('demo-token'),
    budget: createBudget({ clock: systemClock, limits: { search: UNLIMITED, burst: UNLIMITED } }),
    clock: systemClock,
    log: silentLog,
  }),
  warehouse,
  clock: systemClock,
  portalClock: systemClock,
  log: silentLog,
  appId: null,
  signal: new AbortController().signal,
  onProgress: () => {},
  onAccount: () => Promise.resolve(),
  failpoint: () => {},
});
if (result.state !== 'complete') throw new Error(`The sync ended ${result.state}: ${result.sentence}`);
await publishSnapshot(warehouse, {
  at: new Date(),
  keep: null,
  inputs: demoInputs(new Date()),
});
const seconds = (performance.now() - begin) / 1000;
clearInterval(watch);
await warehouse.close();
const records = result.types.reduce((sum, type) => sum + type.read, 0);
process.send?.({ records, seconds, idleBytes, peakBytes });
process.disconnect();
