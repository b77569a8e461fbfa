import { onTestFinished } from 'vitest';
import type { HubSpotPort } from '../../src/core/hubspot-port.ts';
import type { Log, LogFields } from '../../src/core/log.ts';
import { memorySource, type MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import type { FakeLimits } from '../../src/demo/fake/limits.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { createBudget, type Budget } from '../../src/hubspot/budget.ts';
import { openHubSpot, type HubSpotOptions } from '../../src/hubspot/open.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');

export interface Opened {
  fake: FakeHubSpot;
  clock: VirtualClock;
  hubspot: HubSpotPort;
  budget: Budget;
  /** every line logged, as text */
  lines: string[];
  /** virtual milliseconds since the start */
  elapsed: () => number;
}

export interface OpenOptions {
  /** false for a clock that stands still until the test moves it */
  auto?: boolean;
  now?: Date;
  limits?: Partial<FakeLimits>;
  client?: Partial<HubSpotOptions>;
  /** percent of the daily quota left to other apps */
  reserve?: number;
}

/** The real client before a fake HubSpot, both on one virtual clock. */
export async function openClient(
  portal: MemoryPortal | PortalSource = {},
  { auto = true, now = NOW, limits = {}, client = {}, reserve = 0 }: OpenOptions = {},
): Promise<Opened> {
  const clock = new VirtualClock(now, { auto });
  const source = 'at' in portal ? portal : memorySource({ anchor: now, ...portal });
  const fake = await startFakeHubSpot({ source, clock, limits });
  onTestFinished(() => fake.close());
  const lines: string[] = [];
  const budget = createBudget({ clock, limits: { burst: 5000, search: 500, reserve } });
  const hubspot = openHubSpot({
    apiUrl: fake.url,
    accessToken: () => Promise.resolve(fake.oauth.staticToken),
    budget,
    clock,
    log: recordingLog(lines),
    random: () => 0,
    ...client,
  });
  return { fake, clock, hubspot, budget, lines, elapsed: () => clock.now().getTime() - now.getTime() };
}

export function recordingLog(lines: string[]): Log {
  const write = (message: string, fields: LogFields = {}): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}

/** What a promise was rejected with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}
