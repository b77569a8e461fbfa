import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PortalId } from '../../src/core/actor.ts';
import type { Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SyncContext } from '../../src/core/sync/context.ts';
import type { SyncResult } from '../../src/core/sync/progress.ts';
import { STANDARD_TYPES } from '../../src/core/sync/object-types.ts';
import { syncPortal } from '../../src/core/sync/sync-portal.ts';
import { missingScope } from '../../src/demo/fake/replies.ts';
import type { FaultRule } from '../../src/demo/fake/types.ts';
import { startFakeHubSpot, type FakeHubSpot, type FakeOptions } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { differences, expectedContent, mirrorContent } from './oracle.ts';

export const ANCHOR = new Date('2026-03-01T09:00:00Z');
export const PORTAL = 'main' as PortalId;

/** A portal in the fake, a mirror of it, and a virtual clock over both. */
export interface SyncBench {
  clock: VirtualClock;
  source: PortalSource;
  fake: FakeHubSpot;
  warehouse: Warehouse;
  dataDir: string;
  sync(options?: Partial<SyncContext>): Promise<SyncResult>;
  /** what the mirror and the fake disagree about; empty when they agree */
  disagreements(options?: { without?: readonly string[] }): Promise<string[]>;
  close(): Promise<void>;
}

export interface SyncBenchOptions {
  /** the portal; a generated one of `accounts` when left out */
  source?: PortalSource;
  accounts?: number;
  seed?: number;
  fake?: Partial<Omit<FakeOptions, 'source' | 'clock'>>;
  /** the record types that the token may read, for tests that need no more and would take long with all; all when left out */
  only?: readonly string[];
}

/** Everything is closed and removed when the test is over. */
export async function syncBench(options: SyncBenchOptions = {}): Promise<SyncBench> {
  const bench = await openBench(options);
  onTestFinished(() => bench.close());
  return bench;
}

/** One that its user closes. */
export async function openBench(options: SyncBenchOptions = {}): Promise<SyncBench> {
  const clock = new VirtualClock(ANCHOR.getTime() + 3_600_000, { auto: true });
  const source =
    options.source ??
    generatePortal({ seed: options.seed ?? 5, accounts: options.accounts ?? 60, anchor: ANCHOR });
  const fake = await startFakeHubSpot({ source, clock, keepLog: false, ...options.fake });
  const { only } = options;
  if (only !== undefined) fake.faults.rules.push(refusing(only));
  const all = [...STANDARD_TYPES, ...source.schemas().map((schema) => schema.objectTypeId)];
  const left = only === undefined ? [] : all.filter((type) => !only.includes(type));
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-sync-'));
  const warehouse = await openWarehouse({ dataDir, portal: PORTAL, log: silentLog });
  return {
    clock,
    source,
    fake,
    warehouse,
    dataDir,
    sync: (more) => syncPortal({ ...contextOf(fake.url, warehouse, clock), ...more }),
    disagreements: async (what) =>
      differences(
        expectedContent(source, fake.state, {
          definitions: fake.definitions,
          without: [...left, ...(what?.without ?? [])],
        }),
        await warehouse.read(mirrorContent),
      ),
    close: async () => {
      await fake.close();
      await warehouse.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

// A type whose properties cannot be read is left out by the sync.
function refusing(only: readonly string[]): FaultRule {
  return {
    match: ({ path }) => path.includes('/crm/properties/') && !only.some((type) => path.endsWith(`/${type}`)),
    fault: { do: 'reply', reply: missingScope('not.granted', 0) },
  };
}

/** A context for one sync of the fake at an address. */
export function contextOf(url: string, warehouse: Warehouse, clock: Clock): SyncContext {
  return {
    hubspot: openHubSpot({
      apiUrl: url,
      accessToken: () => Promise.resolve('demo-token'),
      budget: createBudget({ clock, limits: { search: 100, burst: 5000 } }),
      clock,
      log: silentLog,
    }),
    warehouse,
    clock,
    portalClock: clock,
    log: silentLog,
    appId: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    onAccount: () => Promise.resolve(),
    failpoint: () => {},
  };
}
