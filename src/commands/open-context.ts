import type { MappingFile } from '../core/accounts/mapping-file.ts';
import type { PortalId } from '../core/actor.ts';
import { systemClock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import type { DemoTime } from '../core/demo-time.ts';
import { AppError } from '../core/errors.ts';
import type { HubSpotPort } from '../core/hubspot-port.ts';
import type { Log } from '../core/log.ts';
import { portalClockOf } from '../core/portals/demo-view.ts';
import type { Config } from '../config.ts';
import { createBudget, type BudgetOptions } from '../hubspot/budget.ts';
import { openHubSpot } from '../hubspot/open.ts';
import type { Closers } from '../process/closers.ts';
import { changeHubSpotBudget } from '../store/hubspot-budgets.ts';
import { ensurePortal, getPortal, listPortals } from '../store/portals.ts';
import type { Sql, Store } from '../store/sql.ts';
import { openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';

/** The demo's HubSpot takes any number of searches; the real one five a second. */
const DEMO_LIMITS = { search: 400, burst: 4000 };
const DEMO_TOKEN = 'demo-token';
const DEMO_APP_ID = '4711';

export interface ContextOptions {
  config: Config;
  store: Store;
  log: Log;
  holder: string;
  /** where the demo's HubSpot listens; null without one */
  demoUrl: string | null;
  /** the demo portal's time, in the process that syncs it */
  demo: DemoTime | null;
  closers: Closers;
}

/** Makes the context of background work; warehouses and HubSpot clients are opened when first used, once each. */
export function openContext(options: ContextOptions): Context {
  const { config, store, log, holder, demo, closers } = options;
  const warehouses = new Map<PortalId, Promise<Warehouse>>();
  const clients = new Map<PortalId, HubSpotPort>();
  // Pushed before the jobs that use them, so that they close after those have ended.
  closers.push('warehouses', async () => {
    for (const opened of warehouses.values()) await (await opened.catch(() => null))?.close();
  });
  return {
    store,
    clock: systemClock,
    portalClock: (portal) =>
      demo?.portal === portal
        ? Promise.resolve(demo.clock)
        : portalClockOf({ store, clock: systemClock }, portal),
    demo,
    log,
    dataDir: config.dataDir,
    hubspotAppId: config.hubspot.mode === 'demo' ? DEMO_APP_ID : config.hubspot.appId,
    holder,
    warehouse: (portal) => {
      const opened = warehouses.get(portal) ?? openWarehouse({ dataDir: config.dataDir, portal, log });
      if (!warehouses.has(portal)) {
        warehouses.set(portal, opened);
        opened.catch(() => warehouses.delete(portal)); // what could not be opened is tried again the next time
      }
      return opened;
    },
    dropWarehouse: async (portal) => {
      const opened = await warehouses.get(portal)?.catch(() => null);
      warehouses.delete(portal);
      await opened?.close();
    },
    hubspot: async (portal) => {
      const timeZone = (await getPortal(store, portal))?.timeZone ?? 'UTC';
      const client = clients.get(portal) ?? openClient(options, portal, timeZone);
      clients.set(portal, client);
      return client;
    },
    mappingFile: mappingFileOf(config),
    failpoint: () => {},
  };
}

/** MAPPING_FILE, which rules over the stored mappings of the portal that the settings speak of. */
export function mappingFileOf(config: Config): MappingFile | undefined {
  if (config.mappingFile === null) return undefined;
  const portal = (config.hubspot.mode === 'demo' ? 'demo' : 'main') as PortalId; // the ids that portalOf makes
  return { portal, path: config.mappingFile };
}

/** The portal that the settings speak of. */
export function portalOf(sql: Sql, config: Config): Promise<PortalId> {
  switch (config.hubspot.mode) {
    case 'demo':
      return ensurePortal(sql, 'demo', 'demo');
    case 'token':
      return ensurePortal(sql, 'main', 'token');
    case 'oauth':
      throw oauthIsLater();
  }
}

/** A portal by its name. Throws AppError `not_found` that lists those there are. */
export async function portalNamed(sql: Sql, name: string): Promise<PortalId> {
  const portals = await listPortals(sql);
  const found = portals.find(({ id }) => id === name);
  if (found !== undefined) return found.id;
  throw new AppError(
    'not_found',
    `There is no portal ${name}. There are: ${portals.map(({ id }) => id).join(', ')}.`,
  );
}

export function oauthIsLater(): AppError {
  return new AppError(
    'unavailable',
    'HUBSPOT_CLIENT_ID connects portals by OAuth, which is not in this version. Leave it out and set HUBSPOT_ACCESS_TOKEN to the token of a private app.',
  );
}

// The embedded store belongs to one process and its worker, so nobody else uses the token.
function sharedBudget(store: Store, portal: PortalId, log: Log): NonNullable<BudgetOptions['shared']> {
  return { log, change: (change) => changeHubSpotBudget(store, portal, change) };
}

function openClient(
  { config, log, demoUrl, store }: ContextOptions,
  portal: PortalId,
  timeZone: string,
): HubSpotPort {
  const shared = { clock: systemClock, log: log.child({ portal }), timeZone };
  if (portal === 'demo' && demoUrl !== null) {
    return openHubSpot({
      ...shared,
      apiUrl: demoUrl,
      accessToken: () => Promise.resolve(DEMO_TOKEN),
      budget: createBudget({ clock: systemClock, limits: DEMO_LIMITS }),
    });
  }
  if (portal === 'main' && config.hubspot.mode === 'token') {
    const { apiUrl, accessToken } = config.hubspot;
    return openHubSpot({
      ...shared,
      apiUrl,
      accessToken: () => Promise.resolve(accessToken),
      budget: createBudget({
        clock: systemClock,
        limits: { reserve: config.hubspotReserve },
        ...(store.engine === 'postgres' && { shared: sharedBudget(store, portal, shared.log) }),
      }),
    });
  }
  throw new AppError(
    'not_found',
    `There are no HubSpot credentials for the portal ${portal}. Set HUBSPOT_ACCESS_TOKEN again, or start without it for the demo portal.`,
  );
}
