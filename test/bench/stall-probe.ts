// Loaded into the product's processes by a bench: writes the longest stall of the event loop when the process ends. SIGUSR2 begins anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const folder = process.env['HOLDFAST_BENCH_STALLS'];
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('SIGUSR2', () => histogram.reset());
process.on('exit', () => {
  if (folder === undefined) return;
  const maxMs = Math.max(0, histogram.max / 1e6 - RESOLUTION_MS);
  writeFileSync(join(folder, `stall-${process.pid}.json`), JSON.stringify({ maxMs }));
});
