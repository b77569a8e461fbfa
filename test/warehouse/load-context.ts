import type { Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SyncContext } from '../../src/core/sync/context.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';

/** What loading is given; it asks HubSpot nothing, and would find nobody at this address. */
export function loadContext(warehouse: Warehouse, clock: Clock): SyncContext {
  return {
    hubspot: openHubSpot({
      apiUrl: 'http://127.0.0.1:9',
      accessToken: () => Promise.resolve('none'),
      budget: createBudget({ clock, limits: { search: 1, burst: 1 } }),
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
