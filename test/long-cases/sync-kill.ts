import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { SYNC_STEPS, type SyncStep } from '../../src/core/sync/context.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { random, type Random } from '../../src/demo/generator/random.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import { currentSnapshot } from '../../src/store/snapshots.ts';
import type { Store } from '../../src/store/sql.ts';
import { mirrorFile, portalFolder, snapshotFile } from '../../src/warehouse/paths.ts';
import { historyFlaws, sweepFlaws, type Epoch } from '../support/history-oracle.ts';
import { differences, expectedContent, fileContent, snapshotCounts } from '../support/oracle.ts';
import {
  openSyncChildren,
  type ChildOutcome,
  type ChildRun,
  type Phase,
  type SyncChildren,
} from '../support/sync-children.ts';

const ACCOUNTS = 25;
const LEAVING = 'Leaving';
/** The phases worth a kill: what comes before them reads and keeps little. */
const KILLED = ['records', 'associations', 'publishing'] as const;
/** In the long form at least this share of the kills falls into each of them. */
const LEAST_SHARE = 0.15;

export interface KillOptions {
  /** how many kills there are to be, at least */
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
  /** kills of the first sync, and as many of the one after the portal changed; 1 to 3 */
  killsEach?: number;
}

/** Kills that may be added to those that are asked for. */
const MORE = 12;

/** Where kills fell. */
export type Fallen = Record<Phase | 'before', number>;

interface Drill {
  children: SyncChildren;
  store: Store;
  dataDir: string;
  fake: FakeHubSpot;
  source: ReturnType<typeof generatePortal>;
  portal: Awaited<ReturnType<typeof ensurePortal>>;
  epochs: Epoch[];
  /** runs that nobody kills sweep every type, when it says so */
  sweep?: 'all';
  /** the contacts that were purged */
  purged: string[];
}

type TookMs = Partial<Record<Phase, number>>;

/**
 * Kills a syncing worker with SIGKILL and starts it again until it ends; changes the portal, and kills the sync of the changes in the same
 * way. Each pair of kills has another seed, which draws the phase and the moment in it, over as long as that phase takes when nobody is
 * killed. Then every table, versions too, must be what HubSpot held. Throws with the seed when one is not, and when the kills missed a phase.
 */
export async function run({ rounds, firstSeed, say, killsEach = 1 }: KillOptions): Promise<Fallen> {
  const fallen: Fallen = {
    before: 0,
    definitions: 0,
    records: 0,
    sweeping: 0,
    associations: 0,
    publishing: 0,
  };
  await withStage(async (stage) => {
    const tookMs = await measure(stage);
    say(`unkilled, ms: first ${inWords(tookMs.first)}; changes ${inWords(tookMs.changes)}`);
    // On a busy machine a phase takes longer than it did when nobody was killed: a few kills more, until each is met.
    for (
      let seed = firstSeed;
      total(fallen) < rounds || (missed(fallen).length > 0 && total(fallen) < rounds + MORE);
      seed += 1
    ) {
      const draw = random(seed, 4, 2);
      const fell: (Phase | 'before')[] = [];
      await withDrill(stage, seed, async (drill) => {
        fell.push(...(await killed(drill, draw, phasesOf(seed, killsEach), tookMs.first)));
        await mustComplete(drill, `seed ${seed}, first sync`);
        changePortal(drill, draw);
        fell.push(...(await killed(drill, draw, phasesOf(seed + 1, killsEach), tookMs.changes)));
        await finish(drill, `seed ${seed}`);
      });
      for (const phase of fell) fallen[phase] += 1;
      say(`seed ${seed}: killed in ${fell.join(', ')}; every table equal, versions too`);
    }
  });
  const sum = total(fallen);
  say(`${sum} kills: ${inWords(fallen)}`);
  for (const phase of missed(fallen))
    throw new Error(`only ${fallen[phase]} of ${sum} kills fell into ${phase}: ${inWords(fallen)}`);
  return fallen;
}

/** The phases into which too few kills fell. */
function missed(fallen: Fallen): Phase[] {
  const least = Math.max(1, Math.floor(total(fallen) * LEAST_SHARE));
  return KILLED.filter((phase) => fallen[phase] < least);
}

/**
 * One kill at each named step of a sync of changes, and before them at those of a first sync until it publishes. Each restart goes on from
 * the kill before. A record that a sync has seen is purged on the way.
 */
export async function runSteps(steps: readonly SyncStep[] = SYNC_STEPS): Promise<void> {
  await withStage((stage) =>
    withDrill(stage, 100, async (drill) => {
      const draw = random(100, 4, 2);
      drill.sweep = 'all';
      await killAtSteps(drill, draw, steps.filter(isOfFirstSync));
      await mustComplete(drill, 'a first sync killed at its steps');
      changePortal(drill, draw);
      await killAtSteps(drill, draw, steps);
      await finish(drill, 'kills at every step');
    }),
  );
}

// A type that is loaded for the first time is not swept, and nothing of it is gone.
function isOfFirstSync(step: SyncStep): boolean {
  return /^(segment|links|definitions)-/.test(step);
}

async function killAtSteps(drill: Drill, draw: Random, steps: readonly SyncStep[]): Promise<void> {
  for (const name of steps) {
    // The first segments hold definitions and the smallest types. A step that only comes by where something changed is met after a change.
    const times = name.startsWith('segment-') ? 3 : 1;
    const sweep = /^(sweep|objects)-/.test(name) ? 'all' : 'due';
    if (name === 'objects-closed') {
      changePortal(drill, draw);
      await mustComplete(drill, 'a sync before a purge');
      purgeOne(drill);
    }
    const first = await startChild(drill, { step: { name, times }, sweep });
    if (first.ended !== 'killed') {
      changePortal(drill, draw);
      const second = await startChild(drill, { step: { name, times: 1 }, sweep });
      if (second.ended !== 'killed') throw new Error(`the sync never came by ${name}`);
    }
    await checkPublished(drill, name);
  }
}

// As seeds go up the phases take turns, so that few rounds reach all of them.
function phasesOf(seed: number, count: number): Phase[] {
  return KILLED.filter((_, n) => (n - (seed % KILLED.length) + KILLED.length) % KILLED.length < count);
}

async function killed(
  drill: Drill,
  draw: Random,
  phases: readonly Phase[],
  tookMs: TookMs,
): Promise<(Phase | 'before')[]> {
  const fell: (Phase | 'before')[] = [];
  for (const phase of phases) {
    const kill = { phase, afterMs: draw.next() * (tookMs[phase] ?? 0) };
    const outcome = await startChild(drill, { kill });
    await checkPublished(drill, `a kill in ${phase}`);
    if (outcome.ended === 'killed') fell.push(outcome.phase ?? 'before');
    else if (outcome.ended !== 'complete') throw new Error(`a sync ended ${outcome.ended}`);
  }
  return fell;
}

/** How long each phase takes when nobody is killed. */
async function measure(stage: Stage): Promise<{ first: TookMs; changes: TookMs }> {
  return withDrill(stage, 0, async (drill) => {
    const first = await mustComplete(drill, 'the unkilled first sync');
    changePortal(drill, random(0, 4, 2));
    const changes = await mustComplete(drill, 'the unkilled sync of changes');
    return { first: first.tookMs, changes: changes.tookMs };
  });
}

interface Stage {
  children: SyncChildren;
  store: Store;
  portals: number;
}

// One store and one line of children for all drills; each drill has a data folder and a portal of its own in them.
async function withStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const store = await openMemoryPglite();
  const children = await openSyncChildren();
  try {
    await migrate(store, silentLog);
    return await work({ children, store, portals: 0 });
  } finally {
    await children.close();
    await store.close();
  }
}

async function withDrill<T>(stage: Stage, seed: number, work: (drill: Drill) => Promise<T>): Promise<T> {
  const { children, store } = stage;
  const anchor = new Date(Date.now() - 3 * 3_600_000);
  stage.portals += 1;
  const source = generatePortal({ seed, accounts: ACCOUNTS, anchor, portalId: 1000 + stage.portals });
  const fake = await startFakeHubSpot({ source, keepLog: false });
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-kill-'));
  try {
    const portal = await ensurePortal(store, `drill-${stage.portals}`, 'token');
    const drill: Drill = { children, store, dataDir, fake, source, portal, epochs: [], purged: [] };
    holdsNow(drill);
    return await work(drill);
  } finally {
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function holdsNow({ source, fake, epochs }: Drill): void {
  epochs.push({ content: expectedContent(source, fake.state), isSynced: false });
}

// Edits, new records, one put into the bin, links made and taken away; each on a live record that a sync has seen.
function changePortal(drill: Drill, draw: Random): void {
  const { state } = drill.fake;
  const now = drill.epochs.length;
  for (let n = 0; n < 10; n += 1) {
    const type = draw.pick(['companies', 'contacts', 'deals', 'tickets', 'line_items']);
    state.update(type, draw.pick([...state.all(type)]).id, {
      name: `edit ${now}.${n}`,
      hs_priority: `${now}`,
    });
  }
  const company = state.create('companies', { name: `new ${now}`, lifecyclestage: 'customer' });
  const contact = state.create('contacts', { firstname: 'New', lastname: `Person ${now}` });
  state.create('contacts', { firstname: LEAVING, lastname: `Person ${now}` });
  state.associate('contacts', contact.id, 'companies', company.id, { typeId: 279, backTypeId: 280 });
  state.archive('tickets', draw.pick([...state.all('tickets')]).id);
  const linked = [...state.all('contacts')].find(
    ({ id }) => state.associations('contacts', id, 'companies').length > 0,
  );
  const [link] = linked === undefined ? [] : state.associations('contacts', linked.id, 'companies');
  if (linked !== undefined && link !== undefined) {
    state.dissociate('contacts', linked.id, 'companies', link.toId);
    state.update('contacts', linked.id, { jobtitle: `moved ${now}` });
  }
  holdsNow(drill);
}

// One without links: why those of a purged record were closed is not for the judge of links to know.
function purgeOne(drill: Drill): void {
  const { state } = drill.fake;
  const leaving = [...state.all('contacts')].find(({ properties }) => properties['firstname'] === LEAVING);
  if (leaving === undefined) throw new Error('nobody is there to be purged');
  state.purge('contacts', leaving.id);
  drill.purged.push(leaving.id);
  holdsNow(drill);
}

async function startChild(
  drill: Drill,
  options: Pick<ChildRun, 'step' | 'kill' | 'sweep'>,
): Promise<ChildOutcome> {
  const { children, store, dataDir, fake, portal, sweep } = drill;
  const outcome = await children.run({
    store,
    dataDir,
    apiUrl: fake.url,
    portal,
    ...(sweep === undefined ? {} : { sweep }),
    ...options,
  });
  const epoch = drill.epochs.at(-1);
  if (outcome.ended === 'complete' && epoch !== undefined) epoch.isSynced = true;
  return outcome;
}

async function mustComplete(drill: Drill, what: string): Promise<ChildOutcome> {
  const outcome = await startChild(drill, {});
  if (outcome.ended !== 'complete') throw new Error(`${what}: the restarted sync ended ${outcome.ended}`);
  return outcome;
}

async function finish(drill: Drill, what: string): Promise<void> {
  await mustComplete(drill, what);
  const file = mirrorFile(drill.dataDir, drill.portal);
  const expected = drill.epochs.at(-1)?.content ?? expectedContent(drill.source, drill.fake.state);
  const found = [
    ...differences(expected, await fileContent(file)),
    ...(await historyFlaws(file, drill.epochs)),
    ...(await sweepFlaws(file, drill.purged)),
  ];
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

function total(fallen: Fallen): number {
  return Object.values(fallen).reduce((sum, count) => sum + count, 0);
}

function inWords(counts: Partial<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${Math.round(count ?? 0)}`)
    .join(', ');
}
