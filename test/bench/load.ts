import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { removeFolder, startProduct, type RunningProduct } from '../support/product.ts';
import { signIn } from '../support/session.ts';
import { median, round, type BenchRow } from './row.ts';

const ACCOUNTS = 2500;
const ROUNDS = 3;
const STALL_ACCOUNTS = 1000;
const UNLIMITED = 1_000_000_000;
const CHILD = new URL('./load-child.ts', import.meta.url).pathname;
const PROBE = new URL('./stall-probe.ts', import.meta.url).href;
const MB = 1024 ** 2;

const Loaded = z.object({
  records: z.number(),
  seconds: z.number(),
  idleBytes: z.number(),
  peakBytes: z.number(),
});
type Loaded = z.output<typeof Loaded>;

/**
 * How fast a first sync of about a hundred thousand records is, end to end, beside a bare loop that asks the same HubSpot for the same pages
 * and throws them away; what memory the worker takes; and how long the web process ever stands still meanwhile.
 */
export async function measureLoad(): Promise<BenchRow[]> {
  const source = generatePortal({ seed: 1, accounts: ACCOUNTS, anchor: new Date('2026-03-01T09:00:00Z') });
  const fake = await startFakeHubSpot({
    source,
    keepLog: false,
    limits: { burst: UNLIMITED, search: UNLIMITED },
  });
  const runs: Loaded[] = [];
  const bare: number[] = [];
  try {
    for (let n = 0; n < ROUNDS; n += 1) {
      bare.push(await bareLoop(fake, source));
      runs.push(await loadOnce(fake));
    }
  } finally {
    await fake.close();
  }
  return [
    {
      name: 'load.records_per_second',
      value: round(median(runs.map((run) => run.records / run.seconds)), 0),
      unit: 'records/s',
      baseline: round(median(bare), 0),
    },
    {
      name: 'load.peak_rss_mb',
      value: round(median(runs.map((run) => (run.peakBytes - run.idleBytes) / MB)), 0),
      unit: 'MB above idle',
      baseline: round(median(runs.map((run) => run.idleBytes / MB)), 0),
    },
    await measureStall(),
  ];
}

/** The pages of every type, one after the other for each of four types at a time, as the sync asks for them; nothing is kept. */
async function bareLoop(fake: FakeHubSpot, source: PortalSource): Promise<number> {
  const types = [...source.objectTypes()];
  let records = 0;
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    for (let type = types.shift(); type !== undefined; type = types.shift()) {
      const properties = source.properties(type).map((property) => property.name);
      let after: string | undefined;
      do {
        const query = new URLSearchParams({
          limit: '100',
          properties: properties.join(','),
          ...(after === undefined ? {} : { after }),
        });
        const page = await fetch(`${fake.url}/crm/objects/2026-09/${type}?${query.toString()}`, {
          headers: { authorization: `Bearer ${fake.oauth.staticToken}` },
        });
        const body = Page.parse(await page.json());
        records += body.results.length;
        after = body.paging?.next.after;
      } while (after !== undefined);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return records / ((performance.now() - begin) / 1000);
}

const Page = z.object({
  results: z.array(z.unknown()),
  paging: z.object({ next: z.object({ after: z.string() }) }).optional(),
});

async function loadOnce(fake: FakeHubSpot): Promise<Loaded> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const child = fork(CHILD, [dataDir, fake.url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let told: unknown = null;
    child.on('message', (message) => (told = message));
    await once(child, 'exit');
    return Loaded.parse(told);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureStall(): Promise<BenchRow> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const dataDir = join(folder, 'data');
    const start = (): Promise<RunningProduct> =>
      startProduct({
        dataDir,
        args: ['--accounts', String(STALL_ACCOUNTS), '--weeks', '0'],
        env: { NODE_OPTIONS: `--import ${PROBE}`, HOLDFAST_BENCH_STALLS: folder, LOG_LEVEL: 'error' },
      });
    const busy = await stallOf(folder, await start());
    const idle = await stallOf(folder, await start());
    return {
      name: 'load.max_stall_ms',
      value: round(busy, 1),
      unit: 'ms',
      baseline: round(idle, 1),
    };
  } finally {
    await removeFolder(folder);
  }
}

/** The longest stall of the web process from the first page on, with a page open that asks for the progress as pages do. */
async function stallOf(folder: string, product: RunningProduct): Promise<number> {
  product.child.kill('SIGUSR2'); // what came before is the start
  const { cookie } = await signIn(product);
  const until = performance.now() + 15_000;
  while (performance.now() < until) {
    const answer = await fetch(`${product.url}/api/progress`, { headers: { cookie } });
    await answer.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await product.stop();
  const text = await readFile(join(folder, `stall-${product.child.pid}.json`), 'utf8');
  return z.object({ maxMs: z.number() }).parse(JSON.parse(text)).maxMs;
}
