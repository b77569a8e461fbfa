import { expect, it } from 'vitest';
import { isDue } from '../../../src/core/sync/due.ts';
import { runSync } from '../../../src/core/sync/run-sync.ts';
import type { Context } from '../../../src/core/context.ts';
import { silentLog } from '../../../src/core/log.ts';
import { createBudget } from '../../../src/hubspot/budget.ts';
import { openHubSpot } from '../../../src/hubspot/open.ts';
import { readSyncStatus } from '../../../src/store/sync-status.ts';
import { portalBench, type PortalBench } from '../../support/portal-bench.ts';

const { signal } = new AbortController();

/** The bench as a process that has just started: its client knows nothing of HubSpot yet. */
function startedAnew({ ctx, clock, fake }: PortalBench, onAsked: () => void, reserve = 0): Context {
  return {
    ...ctx,
    hubspot: () => {
      onAsked();
      return Promise.resolve(
        openHubSpot({
          apiUrl: fake.url,
          accessToken: () => Promise.resolve('demo-token'),
          budget: createBudget({ clock, limits: { burst: 5000, search: 100, reserve } }),
          clock,
          log: silentLog,
        }),
      );
    },
  };
}

it.each([
  ['is used up', 0, /^HubSpot's daily quota of this account is used up\. .* goes on after/],
  ['is down to what other apps keep', 20, /^Only the last 20 % of HubSpot's daily quota .* goes on after/],
])(
  'a quota that %s stops the run; the next ones ask HubSpot nothing until midnight, in whatever process',
  async (_, reserve, sentence) => {
    const bench = await portalBench();
    const { ctx, clock, fake, portal } = bench;
    fake.limits.change({ daily: 10 });
    let asked = 0;
    const anew = (): Context => startedAnew(bench, () => (asked += 1), reserve);

    const stopped = await runSync(anew(), portal, { signal });
    expect(stopped).toMatchObject({
      state: 'stopped',
      resumesAt: '2026-03-01T23:00:00Z',
      sentence: expect.stringMatching(sentence),
    });
    expect(asked).toBe(1);
    const kept = await readSyncStatus(ctx.store, portal);
    expect(isDue(kept, new Date('2026-03-01T22:59:59Z'), 15)).toBe(false);

    await clock.advance(3_600_000);
    expect(await runSync(anew(), portal, { signal })).toMatchObject({
      state: 'stopped',
      requests: 0,
      resumesAt: '2026-03-01T23:00:00Z',
      sentence: stopped?.sentence,
    });
    expect(asked).toBe(1);
    expect(await readSyncStatus(ctx.store, portal)).toEqual(kept);

    await clock.advance(Date.parse('2026-03-01T23:00:00Z') - clock.now().getTime());
    expect(isDue(kept, clock.now(), 15)).toBe(true);
    const nextDay = await runSync(anew(), portal, { signal });
    expect([asked, nextDay?.resumesAt, (nextDay?.requests ?? 0) > 0]).toEqual([
      2,
      '2026-03-01T23:10:00Z',
      true,
    ]);
  },
);
