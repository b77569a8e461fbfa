import { describe, expect, it, onTestFinished } from 'vitest';
import { openContext } from '../../src/commands/open-context.ts';
import { readConfig } from '../../src/config.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { createLimitGate } from '../../src/demo/fake/limits.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import { startFakeHubSpot } from '../../src/demo/fake/server.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget, type Budget } from '../../src/hubspot/budget.ts';
import type { BudgetLimits, Kind } from '../../src/hubspot/permits.ts';
import type { ChangeShared } from '../../src/hubspot/shared-permits.ts';
import { createClosers } from '../../src/process/closers.ts';
import { changeHubSpotBudget } from '../../src/store/hubspot-budgets.ts';
import { openStore } from '../../src/store/open.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import type { Store } from '../../src/store/sql.ts';
import { ENGINES, freshDatabase, storeWithPortal } from '../support/stores.ts';
import { recordingLog } from './open-client.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const STEP_MS = 5;

interface Process {
  budget: Budget;
  store: Store;
  /** how often it went to the store */
  trips: number;
  /** what its trips come to instead */
  fails: (() => Promise<void>) | null;
  lines: string[];
}

interface Bench {
  clock: VirtualClock;
  processes: Process[];
  /** moves time on in small steps, none of them while a process talks with the store */
  pass(ms: number): Promise<void>;
}

/** Several processes of one portal, each with a connection of its own to one PostgreSQL, in one virtual time. */
async function bench(processes: number, limits: Partial<BudgetLimits>): Promise<Bench> {
  const clock = new VirtualClock(START);
  const databaseUrl = await freshDatabase();
  const trips = new Set<Promise<void>>();
  const opened: Process[] = [];
  for (let n = 0; n < processes; n += 1) {
    const store = await openStore({ databaseUrl, dataDir: '', log: silentLog });
    onTestFinished(() => store.close());
    const portal: PortalId = await ensurePortal(store, 'main', 'token');
    const lines: string[] = [];
    const change: ChangeShared = (apply) => {
      process.trips += 1;
      if (process.fails !== null) return process.fails();
      const trip = changeHubSpotBudget(store, portal, (stored) => apply(stored, clock.now().getTime()));
      trips.add(trip);
      const done = (): void => void trips.delete(trip);
      trip.then(done, done);
      return trip;
    };
    const shared = { change, log: recordingLog(lines) };
    const process: Process = {
      budget: createBudget({ clock, limits, shared }),
      store,
      trips: 0,
      fails: null,
      lines,
    };
    opened.push(process);
  }
  return {
    clock,
    processes: opened,
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        while (trips.size > 0) {
          await Promise.allSettled(trips);
          await new Promise(setImmediate);
        }
        await clock.advance(STEP_MS);
      }
    },
  };
}

/** Readers that never rest until the time is up. */
function readers(
  { clock }: Bench,
  { budget }: Process,
  options: { kind: Kind; many: number; answerMs: number; until: number; onStart: () => void },
): void {
  const { kind, many, answerMs, until, onStart } = options;
  const read = async (): Promise<void> => {
    for (;;) {
      const request = await budget.acquire(kind);
      if (clock.now().getTime() > until) return;
      onStart();
      await clock.sleep(answerMs);
      request.ended(true);
    }
  };
  for (let n = 0; n < many; n += 1) void read();
}

describe('two processes with one token', () => {
  it.each<[string, Kind, Partial<BudgetLimits>, number, number]>([
    ['requests', 'general', { burst: 60, intervalMs: 3000 }, 60, 3000],
    ['searches', 'search', { burst: 190, search: 5 }, 5, 1000],
    ['searches with a reserve', 'search', { burst: 190, search: 5, reserve: 20 }, 5, 1250],
  ])(
    'together never exceed the limit in any window and reach most of it: %s',
    async (_, kind, limits, most, ms) => {
      const all = await bench(2, limits);
      const { burst = 190, intervalMs = 10_000 } = limits;
      // The fake's own gate knows windows of ten seconds only: time runs faster for it.
      const scale = 10_000 / intervalMs;
      const gateClock = {
        now: () => new Date(START + (all.clock.now().getTime() - START) * (kind === 'search' ? 1 : scale)),
        sleep: () => Promise.resolve(),
      };
      const gate = createLimitGate(gateClock, { burst, search: 5, daily: null });
      const starts = [0, 0];
      let refused = 0;
      const until = START + 5 * ms;
      for (const [n, process] of all.processes.entries())
        readers(all, process, {
          kind,
          many: 4,
          answerMs: 20,
          until,
          onStart: () => {
            starts[n] = (starts[n] ?? 0) + 1;
            if (gate.admit(kind === 'search') !== null) refused += 1;
          },
        });
      await all.pass(5 * ms);
      expect(refused).toBe(0);
      const [one = 0, other = 0] = starts;
      expect(one + other).toBeGreaterThanOrEqual(5 * most * 0.85);
      expect(Math.min(one, other)).toBeGreaterThanOrEqual(most / 2);
    },
  );

  it('go to the store a few times a window, not for every request', async () => {
    const all = await bench(1, { burst: 190, intervalMs: 1900 });
    const [process] = all.processes as [Process];
    let started = 0;
    readers(all, process, {
      kind: 'general',
      many: 8,
      answerMs: 40,
      until: START + 3800,
      onStart: () => (started += 1),
    });
    await all.pass(3800);
    expect(started).toBeGreaterThanOrEqual(190 * 2 * 0.85);
    expect(process.trips / started).toBeLessThanOrEqual(0.2);
  });

  it('lose for a window only what one of them dies with', async () => {
    const all = await bench(2, { burst: 40, intervalMs: 2000 });
    const [dead, alive] = all.processes as [Process, Process];
    await Promise.all([dead.budget.acquire('general'), all.pass(STEP_MS)]); // it never uses the rest of its block
    const starts: number[] = [];
    readers(all, alive, {
      kind: 'general',
      many: 8,
      answerMs: 10,
      until: START + 6000,
      onStart: () => starts.push(all.clock.now().getTime() - START),
    });
    await all.pass(6000);
    const within = (from: number, to: number): number => starts.filter((at) => at >= from && at < to).length;
    expect(within(0, 2000)).toBe(38);
    expect(within(2000, 4100)).toBe(40);
  });

  it('both wait and halve the pace after one of them was refused', async () => {
    const all = await bench(2, { burst: 100, intervalMs: 2000 });
    const [one, other] = all.processes as [Process, Process];
    one.budget.refused('general', 1000);
    await all.pass(STEP_MS);
    const starts: number[] = [];
    readers(all, other, {
      kind: 'general',
      many: 8,
      answerMs: 10,
      until: START + 2900,
      onStart: () => starts.push(all.clock.now().getTime() - START),
    });
    await all.pass(2900);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(1000);
    expect(starts).toHaveLength(50);
  });

  it('both know the limits that one of them was told, and that the day is over', async () => {
    const all = await bench(2, { burst: 100, intervalMs: 2000 });
    const [one, other] = all.processes as [Process, Process];
    one.budget.learn({ burst: 7, intervalMs: 2000 });
    await all.pass(STEP_MS);
    let started = 0;
    const many = Array.from({ length: 12 }, () => other.budget.acquire('general'));
    for (const asked of many)
      asked.then(
        () => (started += 1),
        () => {},
      );
    await all.pass(1500);
    expect(started).toBe(7);
    one.budget.usedUp('2026-03-01T23:00:00Z');
    await all.pass(1500);
    const outcomes = await Promise.allSettled(many);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 7 }, () => 'fulfilled'),
      ...Array.from({ length: 5 }, () => 'rejected'),
    ]);
    expect(outcomes.at(-1)).toMatchObject({
      reason: { code: 'too_many', details: { resumesAt: '2026-03-01T23:00:00Z' } },
    });
  });
});

describe('while the store does not answer', () => {
  it.each<[string, () => Promise<void>]>([
    ['it refuses', () => Promise.reject(new Error('the connection broke'))],
    ['it hangs', () => new Promise(() => {})],
  ])('a process goes on with a quarter of the limits, and says so once: %s', async (_, fails) => {
    const all = await bench(1, { burst: 40, intervalMs: 2000 });
    const [process] = all.processes as [Process];
    const starts: number[] = [];
    readers(all, process, {
      kind: 'general',
      many: 8,
      answerMs: 10,
      until: START + 60_000,
      onStart: () => starts.push(all.clock.now().getTime() - START),
    });
    await all.pass(1000);
    expect(starts).toHaveLength(40);
    process.fails = fails;
    await all.pass(9000);
    // What was given before still counts for a window; from then on a quarter.
    const alone = starts.filter((at) => at > 6500 && at <= 10_000).length;
    expect(alone).toBeGreaterThanOrEqual(10);
    for (let at = 2500; at <= 8000; at += 100)
      expect(starts.filter((one) => one > at && one <= at + 2000).length).toBeLessThanOrEqual(10);
    expect(process.lines.filter((line) => line.includes('cannot be shared'))).toHaveLength(1);
    process.fails = null;
    await all.pass(14_000);
    expect(process.lines.filter((line) => line.includes('shared with other processes again'))).toHaveLength(
      1,
    );
    expect(starts.filter((at) => at > 22_000).length).toBeGreaterThanOrEqual(34);
  });
});

it('a row of another form is begun anew', async () => {
  const all = await bench(1, { burst: 40 });
  const [process] = all.processes as [Process];
  await changeHubSpotBudget(process.store, 'main' as PortalId, () => ({ general: 'of another version' }));
  await Promise.all([process.budget.acquire('general'), all.pass(50)]);
  const [row] = await process.store.query<{ burst: unknown }>(
    `select state -> 'general' -> 'buckets' as burst from holdfast.hubspot_budgets`,
  );
  expect(row?.burst).toEqual([[expect.any(Number), 2]]);
});

it.each(ENGINES)(
  'the product shares its budget where the store can be shared, and leaves a fifth: %s',
  async (engine) => {
    const { store, portal } = await storeWithPortal('postgres');
    const fake = await startFakeHubSpot({ source: memorySource({}), limits: { daily: 10 } });
    onTestFinished(() => fake.close());
    const config = readConfig({ HUBSPOT_ACCESS_TOKEN: 'demo-token', HUBSPOT_API_URL: fake.url });
    const closers = createClosers(silentLog);
    const context = openContext({
      config,
      store: { ...store, engine },
      log: silentLog,
      holder: 'test',
      demoUrl: null,
      demo: null,
      closers,
    });
    const hubspot = await context.hubspot(portal);
    for (let n = 0; n < 8; n += 1) await hubspot.accountInfo();
    await expect(hubspot.accountInfo()).rejects.toMatchObject({ code: 'too_many' });
    expect(fake.log).toHaveLength(8);
    const rows = await store.query('select portal_id from holdfast.hubspot_budgets');
    expect(rows).toEqual(engine === 'postgres' ? [{ portal_id: portal }] : []);
  },
);
