// The worker's part of a sync bench, in a process of its own: syncs each time it is told to, and tells the parent what that took.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import type { PortalId } from '../../src/core/actor.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { syncPortal } from '../../src/core/sync/sync-portal.ts';
import { installHttpAgent } from '../../src/hubspot/agent.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

const [dataDir = '', apiUrl = '', limited = ''] = process.argv.slice(2);
const UNLIMITED = 1_000_000_000;
const RESOLUTION_MS = 5;
const Passes = z.array(z.object({ pass: z.string(), requests: z.number() }));
installHttpAgent();
const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
const hubspot = openHubSpot({
  apiUrl,
  accessToken: () => Promise.resolve('demo-token'),
  budget: createBudget({
    clock: systemClock,
    ...(limited === 'limited' ? {} : { limits: { search: UNLIMITED, burst: UNLIMITED } }),
  }),
  clock: systemClock,
  log: silentLog,
});
await new Promise((resolve) => setTimeout(resolve, 500));
const idleBytes = process.memoryUsage.rss();

async function syncOnce(): Promise<void> {
  let peakBytes = process.memoryUsage.rss();
  // The highest of each tenth of the run tells whether memory grows with what was read.
  const samples: number[] = [];
  const watch = setInterval(() => {
    const bytes = process.memoryUsage.rss();
    samples.push(bytes);
    peakBytes = Math.max(peakBytes, bytes);
  }, 50);
  const stalls = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  stalls.enable();
  const begin = performance.now();
  const result = await syncPortal({
    hubspot,
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
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(watch);
  stalls.disable();
  if (result.state !== 'complete') throw new Error(`The sync ended ${result.state}: ${result.sentence}`);
  const windows = Passes.parse(
    await warehouse.read(async (db) =>
      (
        await db.runAndReadAll(
          'select pass, sum(requests)::integer as requests from sync_windows where run = $run group by pass',
          { run: result.run },
        )
      ).getRowObjectsJS(),
    ),
  );
  process.send?.({
    records: result.types.reduce((sum, type) => sum + type.read, 0),
    changed: result.types.reduce((sum, type) => sum + type.changed, 0),
    isReconciled: result.types.every((type) => type.reconciled === 'complete'),
    requests: result.requests,
    passes: Object.fromEntries(windows.map((row) => [row.pass, row.requests])),
    seconds,
    idleBytes,
    peakBytes,
    earlyPeakBytes: Math.max(0, ...samples.slice(0, Math.ceil(samples.length / 4))),
    stallMs: Math.max(0, stalls.max / 1e6 - RESOLUTION_MS),
  });
}

process.on('message', (message) => {
  if (message === 'sync') void syncOnce();
  else void warehouse.close().then(() => process.disconnect());
});
process.send?.('ready');
