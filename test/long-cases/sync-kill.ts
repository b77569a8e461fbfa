import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { silentLog } from '../../src/core/log.ts';
import { SYNC_STEPS, type SyncStep } from '../../src/core/sync/context.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { random } from '../../src/demo/generator/random.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import { serveStore } from '../../src/store/remote.ts';
import { currentSnapshot } from '../../src/store/snapshots.ts';
import type { Store } from '../../src/store/sql.ts';
import { mirrorFile, portalFolder, snapshotFile } from '../../src/warehouse/paths.ts';
import { differences, expectedContent, fileContent, snapshotCounts } from '../support/oracle.ts';

const CHILD = new URL('../support/sync-child.ts', import.meta.url).pathname;
const MOST_RESTARTS = 40;
const Ended = z.object({ ended: z.string(), sentence: z.string().nullable() });

export interface KillOptions {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}

interface Drill {
  store: Store;
  dataDir: string;
  fake: FakeHubSpot;
  source: ReturnType<typeof generatePortal>;
  portal: Awaited<ReturnType<typeof ensurePortal>>;
}

/**
 * Kills a syncing worker with SIGKILL, starts it again until it ends, and compares every table with HubSpot's state. Each round is another
 * seed: one kill at each named step first, then at moments drawn from the seed. Throws with the seed when a table differs.
 */
export async function run({ rounds, firstSeed, say }: KillOptions): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
    const kills = await withDrill(seed, (drill) => killUntilDone(drill, seed));
    say(`seed ${seed}: ${kills} kills, every table equal`);
  }
}

/** One kill at each named step, the n-th time it comes by. */
export async function runSteps(steps: readonly SyncStep[] = SYNC_STEPS): Promise<void> {
  for (const [n, step] of steps.entries()) {
    await withDrill(100 + n, async (drill) => {
      const first = await startChild(drill, { step, times: 1 + (n % 2), killAfterMs: null });
      if (first !== 'killed') {
        const second = await startChild(drill, { step, times: 1, killAfterMs: null });
        if (second !== 'killed') throw new Error(`the sync never came by ${step}`);
      }
      await checkPublished(drill, step);
      await finish(drill, `a kill at ${step}`);
    });
  }
}

async function killUntilDone(drill: Drill, seed: number): Promise<number> {
  const draw = random(seed, 4, 2);
  let kills = 0;
  for (; kills < 6; kills += 1) {
    const outcome = await startChild(drill, { step: '', times: 1, killAfterMs: draw.int(150, 1100) });
    await checkPublished(drill, `seed ${seed}`);
    if (outcome !== 'killed') break;
    // The portal lives on between two tries.
    const [company] = drill.fake.state.all('companies');
    drill.fake.state.update('companies', company?.id ?? '', { name: `after kill ${kills} of ${seed}` });
  }
  await finish(drill, `seed ${seed}`);
  return kills;
}

async function withDrill<T>(seed: number, work: (drill: Drill) => Promise<T>): Promise<T> {
  const anchor = new Date(Date.now() - 3 * 3_600_000);
  const source = generatePortal({ seed, accounts: 60, anchor });
  const fake = await startFakeHubSpot({ source, keepLog: false });
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-kill-'));
  const store = await openMemoryPglite();
  try {
    await migrate(store, silentLog);
    return await work({ store, dataDir, fake, source, portal: await ensurePortal(store, 'main', 'token') });
  } finally {
    await store.close();
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startChild(
  { store, dataDir, fake }: Drill,
  kill: { step: string; times: number; killAfterMs: number | null },
): Promise<string> {
  const child = fork(CHILD, [dataDir, fake.url, kill.step, String(kill.times)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  serveStore(store, child, silentLog);
  let ended: string | null = null;
  child.on('message', (message) => {
    const parsed = Ended.safeParse(message);
    if (parsed.success)
      ended = `${parsed.data.ended}${parsed.data.sentence === null ? '' : `: ${parsed.data.sentence}`}`;
  });
  const timer = kill.killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), kill.killAfterMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (timer !== null) clearTimeout(timer);
  if (signal === 'SIGKILL') return 'killed';
  return ended ?? `ended with ${code}`;
}

async function finish(drill: Drill, what: string): Promise<void> {
  let outcome = '';
  for (let tries = 0; tries < MOST_RESTARTS && outcome !== 'complete'; tries += 1) {
    outcome = await startChild(drill, { step: '', times: 1, killAfterMs: null });
    if (outcome !== 'complete') throw new Error(`${what}: the restarted sync ended ${outcome}`);
  }
  const expected = expectedContent(drill.source, drill.fake.state);
  const actual = await fileContent(mirrorFile(drill.dataDir, drill.portal));
  const found = differences(expected, actual);
  if (found.length > 0) throw new Error(`${what}: ${found.join('\n')}`);
  const pointer = await currentSnapshot(drill.store, drill.portal);
  if (pointer === null) throw new Error(`${what}: nothing is published`);
  const counts = await snapshotCounts(snapshotFile(drill.dataDir, drill.portal, pointer.name));
  const live = expected.objects.filter((line) => line.split('|')[2] === 'live').length;
  if (counts !== live)
    throw new Error(`${what}: the snapshot counts ${counts} live records, HubSpot has ${live}`);
  const left = await readdir(join(portalFolder(drill.dataDir, drill.portal), 'segments'));
  if (left.length > 0) throw new Error(`${what}: segments were left behind: ${left.join(', ')}`);
}

// Whatever was killed, the snapshot readers are pointed at can be read.
async function checkPublished(drill: Drill, what: string): Promise<void> {
  const pointer = await currentSnapshot(drill.store, drill.portal);
  if (pointer === null) return;
  try {
    await snapshotCounts(snapshotFile(drill.dataDir, drill.portal, pointer.name));
  } catch (cause) {
    throw new Error(`${what}: the published snapshot cannot be read`, { cause });
  }
}
