import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDemoTime } from '../../src/commands/demo-time.ts';
import type { PortalId } from '../../src/core/actor.ts';
import type { Context } from '../../src/core/context.ts';
import type { DemoTime } from '../../src/core/demo-time.ts';
import { silentLog } from '../../src/core/log.ts';
import { liveDemo, type LiveOptions } from '../../src/core/portals/live-demo.ts';
import type { SyncStep } from '../../src/core/sync/context.ts';
import type { FakeHubSpot } from '../../src/demo/fake/server.ts';
import { livingPortal, type LivingPortal } from '../../src/demo/generator/living.ts';
import { startLivingHubSpot } from '../../src/demo/living-hubspot.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import type { Store } from '../../src/store/sql.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { differences, expectedContent, mirrorContent } from './oracle.ts';
import { emptyStore } from './stores.ts';

export const WEEK_MS = 7 * 86_400_000;
export const LIVING_ANCHOR = new Date('2026-03-01T00:00:00Z');

/** A demo portal that lives on a virtual clock: a warehouse and a store that stay, a process that can die and be started again. */
export interface LivingBench {
  store: Store;
  portal: PortalId;
  clock: VirtualClock;
  warehouse: Warehouse;
  dataDir: string;
  /** starts a process of the demo, lives until the end of `options`, and ends it */
  live(options?: Partial<LiveOptions> & { failpoint?: (step: SyncStep) => void }): Promise<Lived>;
}

export interface Lived {
  caughtUp: boolean;
  source: LivingPortal;
  /** what the mirror and the fake disagree about */
  disagreements: string[];
}

export async function livingBench(options: {
  accounts: number;
  weeks: number;
  seed?: number;
}): Promise<LivingBench> {
  const store = await emptyStore('pglite');
  const portal = await ensurePortal(store, 'demo', 'demo');
  const clock = new VirtualClock(LIVING_ANCHOR.getTime() + 9 * 3_600_000, { auto: true });
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-living-'));
  const warehouse = await openWarehouse({ dataDir, portal, log: silentLog });
  onTestFinished(async () => {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const begins = new Date(LIVING_ANCHOR.getTime() - options.weeks * WEEK_MS);
  return {
    store,
    portal,
    clock,
    warehouse,
    dataDir,
    live: async ({ failpoint = () => {}, ...how } = {}) => {
      const source = livingPortal({
        seed: options.seed ?? 5,
        accounts: options.accounts,
        anchor: LIVING_ANCHOR,
      });
      const fake = await startLivingHubSpot({ portal: source, clock, keepLog: false });
      const demo = createDemoTime({ store, clock, portal, url: fake.url, begins, anchor: LIVING_ANCHOR });
      const ctx: Context = {
        store,
        clock,
        portalClock: () => Promise.resolve(demo.clock),
        demo,
        log: silentLog,
        dataDir,
        hubspotAppId: null,
        holder: 'worker',
        warehouse: () => Promise.resolve(warehouse),
        dropWarehouse: () => Promise.resolve(),
        hubspot: () => Promise.resolve(clientOf(fake, clock)),
        failpoint,
      };
      try {
        return await lived(ctx, demo, { source, fake }, { signal: new AbortController().signal, ...how });
      } finally {
        await fake.close();
      }
    },
  };
}

async function lived(
  ctx: Context,
  demo: DemoTime,
  { source, fake }: { source: LivingPortal; fake: FakeHubSpot },
  options: LiveOptions,
): Promise<Lived> {
  const caughtUp = await liveDemo(ctx, demo, options);
  const warehouse = await ctx.warehouse(demo.portal);
  const disagreements = differences(expectedContent(source, fake.state), await warehouse.read(mirrorContent));
  return { caughtUp, source, disagreements };
}

function clientOf(fake: FakeHubSpot, clock: VirtualClock): ReturnType<typeof openHubSpot> {
  return openHubSpot({
    apiUrl: fake.url,
    accessToken: () => Promise.resolve('demo-token'),
    budget: createBudget({ clock, limits: { search: 400, burst: 4000 } }),
    clock,
    log: silentLog,
  });
}
