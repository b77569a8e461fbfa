import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId, Role } from '../../src/core/actor.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import type { HubSpotPort } from '../../src/core/hubspot-port.ts';
import { silentLog } from '../../src/core/log.ts';
import { hashToken, newToken } from '../../src/core/people/tokens.ts';
import { runSync } from '../../src/core/sync/run-sync.ts';
import type { SyncResult } from '../../src/core/sync/progress.ts';
import { openCurrentData } from '../../src/core/portals/current-data.ts';
import type { CardBundles, WebContext, WebSettings } from '../../src/core/web-context.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { createBudget } from '../../src/hubspot/budget.ts';
import { openHubSpot } from '../../src/hubspot/open.ts';
import { addPerson } from '../../src/store/people.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { ensurePortal, type Portal } from '../../src/store/portals.ts';
import { addSession } from '../../src/store/sessions.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/sql.ts';
import { openSnapshots } from '../../src/warehouse/snapshots.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

export const NOON = new Date('2026-03-02T12:00:00Z');
export const CLIENT_SECRET = 'test-client-secret';
export const APP_ID = '4711';
const HOURS_12_MS = 12 * 3_600_000;

/** A web face whose cards are not built. */
const NO_CARDS: CardBundles = { state: () => ({ state: 'building' }), file: () => null };

/** A clock that stands still until a test moves it. */
export interface StandingClock extends Clock {
  set(at: Date): void;
  advance(ms: number): void;
}

/** The web face on a store of its own, with everything a test needs to look behind it. */
export interface TestWeb {
  web: WebContext;
  app: Express;
  store: Store;
  clock: StandingClock;
  dataDir: string;
  /** portals for which a sync was asked */
  asked: PortalId[];
  /** portals whose tables are to be computed anew */
  rebuilt: PortalId[];
  close(): Promise<void>;
}

export interface TestPerson {
  portal: PortalId;
  personId: string;
  sessionId: string;
  /** the Cookie header of their session */
  cookie: string;
  csrf: string;
}

/** Opens the web face; a fresh embedded store takes about two seconds, so one serves a whole test file. */
export async function openTestWeb(
  settings: Partial<WebSettings> = {},
  cards: CardBundles = NO_CARDS,
): Promise<TestWeb> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-web-'));
  const store = await openMemoryPglite();
  await migrate(store, silentLog);
  const clock = standingClock(NOON);
  const snapshots = openSnapshots({ dataDir });
  const asked: PortalId[] = [];
  const rebuilt: PortalId[] = [];
  const web: WebContext = {
    settings: {
      version: '0.0.0-test',
      publicUrl: 'http://localhost:3000',
      isSecure: false,
      safeMode: true,
      formKey: Buffer.alloc(32, 7),
      hubspotClientSecret: CLIENT_SECRET,
      hubspotAppId: APP_ID,
      ...settings,
    },
    store,
    snapshots,
    current: openCurrentData(store),
    clock,
    log: silentLog,
    enqueueSync: (portal) => {
      asked.push(portal);
      return Promise.resolve(true);
    },
    enqueueRebuild: (portal) => {
      rebuilt.push(portal);
      return Promise.resolve(true);
    },
    cards,
  };
  return {
    web,
    app: createApp(web),
    store,
    clock,
    dataDir,
    asked,
    rebuilt,
    close: async () => {
      await snapshots.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Serves the app under its public address, for a browser; answers how to end that. */
export async function serve(test: TestWeb): Promise<() => Promise<void>> {
  const port = Number(new URL(test.web.settings.publicUrl).port);
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = test.app.listen(port, '127.0.0.1', (error) =>
      error === undefined ? resolve(listening) : reject(error),
    );
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

export function addPortal(test: TestWeb, id: string, mode: Portal['mode'] = 'token'): Promise<PortalId> {
  return ensurePortal(test.store, id, mode);
}

/** A person with a live session. */
export async function signedInAs(
  test: TestWeb,
  portal: PortalId,
  role: Role,
  name: string = role,
): Promise<TestPerson> {
  const at = test.clock.now();
  const person = await addPerson(test.store, portal, { name, email: null, role }, at);
  return openSession(test, portal, person.id);
}

export async function openSession(test: TestWeb, portal: PortalId, personId: string): Promise<TestPerson> {
  const at = test.clock.now();
  const token = newToken('se');
  const csrf = `csrf-${token.slice(-12)}`;
  await addSession(
    test.store,
    portal,
    {
      tokenHash: hashToken(token),
      csrfToken: csrf,
      personId,
      device: 'test',
      expiresAt: new Date(at.getTime() + HOURS_12_MS),
    },
    at,
  );
  const [row] = await test.store.query<{ id: string }>(
    'select id from holdfast.sessions where token_hash = $1',
    [hashToken(token)],
  );
  return { portal, personId, sessionId: row?.id ?? '', cookie: `sid=${token}`, csrf };
}

/** A make-believe HubSpot with a small portal; close it when done. */
export function startSmallHubSpot(accounts = 40, portalId?: number): Promise<FakeHubSpot> {
  return startFakeHubSpot({
    source: generatePortal({
      seed: 1,
      accounts,
      anchor: NOON,
      ...(portalId === undefined ? {} : { portalId }),
    }),
  });
}

/** Syncs the portal from the fake and publishes what came, as the worker does. */
export async function syncFrom(test: TestWeb, portal: PortalId, fake: FakeHubSpot): Promise<SyncResult> {
  const warehouse = await openWarehouse({ dataDir: test.dataDir, portal, log: silentLog });
  try {
    const result = await runSync(
      {
        store: test.store,
        clock: test.clock,
        portalClock: () => Promise.resolve(test.clock),
        demo: null,
        log: silentLog,
        dataDir: test.dataDir,
        hubspotAppId: null,
        holder: 'test',
        warehouse: () => Promise.resolve(warehouse),
        dropWarehouse: () => Promise.resolve(),
        hubspot: () => Promise.resolve(clientOf(fake)),
        failpoint: () => {},
      },
      portal,
      { signal: AbortSignal.timeout(60_000) },
    );
    if (result === null) throw new Error('another worker holds the portal');
    return result;
  } finally {
    await warehouse.close();
  }
}

function clientOf(fake: FakeHubSpot): HubSpotPort {
  return openHubSpot({
    apiUrl: fake.url,
    accessToken: () => Promise.resolve(fake.oauth.staticToken),
    clock: systemClock,
    log: silentLog,
    budget: createBudget({ clock: systemClock, limits: { burst: 4000, search: 400 } }),
  });
}

function standingClock(start: Date): StandingClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    sleep: () => Promise.resolve(),
    set: (moment) => {
      at = moment.getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}
