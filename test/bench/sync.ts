import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { linksOf } from '../../src/core/sync/object-types.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { CHILD_FLAGS } from '../../src/process/children.ts';
import { round, type BenchRow } from './row.ts';

const ANCHOR = new Date('2026-03-01T09:00:00Z');
/** About fifty thousand records, and about a million. */
const LIMITED_ACCOUNTS = 1200;
const LARGE_ACCOUNTS = 24_000;
const UNLIMITED = 1_000_000_000;
/** What HubSpot grants a private app of a Professional account, and searches of the whole account. */
const BURST = 190;
const BURST_SECONDS = 10;
const SEARCH = 5;
const CHANGES = 1000;
const PAGE = 100;
const BATCH = 1000;
/** The account, the schemas, two lists of owners, the pipelines of two types; and the properties of each type. */
const DEFINITIONS = 6;
const CHILD = new URL('./sync-child.ts', import.meta.url).pathname;
const MB = 1024 ** 2;

const Synced = z.object({
  records: z.number(),
  changed: z.number(),
  isReconciled: z.boolean(),
  requests: z.number(),
  passes: z.record(z.string(), z.number()),
  seconds: z.number(),
  idleBytes: z.number(),
  peakBytes: z.number(),
  earlyPeakBytes: z.number(),
  stallMs: z.number(),
});
type Synced = z.output<typeof Synced>;

/** How close a first sync of fifty thousand records comes to what HubSpot's limits allow. */
export async function measureLimited(): Promise<BenchRow[]> {
  const source = generatePortal({ seed: 1, accounts: LIMITED_ACCOUNTS, anchor: ANCHOR });
  const fake = await startFakeHubSpot({
    source,
    keepLog: true,
    limits: { burst: BURST, search: SEARCH },
  });
  try {
    const { first, last } = await withWorker(fake, 'limited', async (sync) => {
      const loaded = await sync();
      return { first: loaded, last: await sync() };
    });
    const least = leastRequests(source);
    const floor = Math.floor((least - 1) / BURST) * BURST_SECONDS;
    const bins = first.passes['bin'] ?? 0;
    const refused = fake.log.filter((entry) => entry.status === 429).length;
    process.stderr.write(
      `  ${first.records} records, ${first.requests} requests (${bins} for the bins) where ${least} are the least; then ${last.requests}\n`,
    );
    return [
      { name: 'sync.time_over_floor', value: round(first.seconds / floor), unit: 'x', baseline: 1 },
      {
        name: 'sync.requests_over_minimum',
        value: round((first.requests - bins) / least),
        unit: 'x',
        baseline: 1,
      },
      { name: 'sync.rate_limited', value: refused, unit: '429s', baseline: 0 },
    ];
  } finally {
    await fake.close();
  }
}

/** Pages of a hundred for each type, a thousand ids for each pair of linked types, what describes the portal; bins and sweeps apart. */
function leastRequests(source: PortalSource): number {
  const types = source.objectTypes();
  return types.reduce((sum, type) => {
    const live = source.count(type) - source.archived(type).length - source.merges(type).size;
    const pairs = linksOf(type).filter((to) => types.includes(to)).length;
    return sum + 1 + Math.max(1, Math.ceil(live / PAGE)) + pairs * Math.ceil(live / BATCH);
  }, DEFINITIONS);
}

/** What a million records take without limits: memory, the longest stall of the worker, and a run that finds a thousand changes. */
export async function measureLarge(): Promise<BenchRow[]> {
  const source = generatePortal({ seed: 1, accounts: LARGE_ACCOUNTS, anchor: ANCHOR });
  const fake = await startFakeHubSpot({
    source,
    keepLog: false,
    limits: { burst: UNLIMITED, search: UNLIMITED },
  });
  try {
    const { first, warm, idle } = await withWorker(fake, 'unlimited', async (sync) => {
      const loaded = await sync();
      const nothing = await sync();
      change(fake, source);
      return { first: loaded, idle: nothing, warm: await sync() };
    });
    process.stderr.write(
      `  ${first.records} records in ${round(first.seconds)} s; then ${warm.changed} versions in ${warm.requests} requests; reconciled: ${warm.isReconciled}\n`,
    );
    return [
      { name: 'sync.warm_seconds', value: round(warm.seconds), unit: 's', baseline: round(idle.seconds) },
      {
        name: 'sync.peak_rss_mb',
        value: round((first.peakBytes - first.idleBytes) / MB, 0),
        unit: 'MB above idle',
        baseline: round((first.earlyPeakBytes - first.idleBytes) / MB, 0),
      },
      {
        name: 'sync.max_stall_ms',
        value: round(first.stallMs, 1),
        unit: 'ms',
        baseline: round(idle.stallMs, 1),
      },
    ];
  } finally {
    await fake.close();
  }
}

// Spread over the types as their records are.
function change(fake: FakeHubSpot, source: PortalSource): void {
  const types = source.objectTypes();
  const all = types.reduce((sum, type) => sum + source.count(type), 0);
  for (const type of types) {
    const count = source.count(type);
    const wanted = Math.min(count, Math.ceil((CHANGES * count) / all));
    for (let n = 0; n < wanted; n += 1) {
      const { id } = source.at(type, Math.floor((n * count) / wanted));
      if (fake.state.get(type, id) !== undefined)
        fake.state.update(type, id, { hs_bench_note: `changed ${n}` });
    }
  }
}

async function withWorker<T>(
  fake: FakeHubSpot,
  limits: 'limited' | 'unlimited',
  work: (sync: () => Promise<Synced>) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const child: ChildProcess = fork(CHILD, [dataDir, fake.url, limits], {
    execArgv: [...process.execArgv, ...CHILD_FLAGS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const told = async (): Promise<unknown> => {
    const ended = once(child, 'exit').then(() => {
      throw new Error('the worker of the bench ended; its error stands above');
    });
    ended.catch(() => {}); // it ends in the end
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message;
  };
  try {
    await told();
    return await work(async () => {
      const answer = told();
      child.send('sync');
      return Synced.parse(await answer);
    });
  } finally {
    if (child.connected) child.send('end');
    if (child.exitCode === null) await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
}
