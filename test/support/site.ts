import type { Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { PortalId } from '../../src/core/actor.ts';
import type { CardBundles } from '../../src/core/web-context.ts';
import { markSyncFinished, markSyncStarted, saveSyncProgress } from '../../src/store/sync-status.ts';
import { markWorkerAlive } from '../../src/store/workers.ts';
import { openBrowser, openPage, type OpenPage, type PageOptions } from './browser.ts';
import { freePort } from './product.ts';
import { progressOf, resultOf, typeRow } from './sync-documents.ts';
import {
  addPortal,
  NOON,
  openTestWeb,
  serve,
  signedInAs,
  startSmallHubSpot,
  syncFrom,
  type TestPerson,
  type TestWeb,
} from './web.ts';

const LONG_NAME = `Bartholomäus${'wolfeschlegelstein'.repeat(8)}`;

/** The web face under an address, a browser beside it, and a demo portal with data that are hard to show. */
export interface TestSite extends TestWeb {
  url: string;
  browser: Browser;
  portal: PortalId;
  admin: TestPerson;
  /** A page of its own for somebody, closed when the test is over. */
  open(path: string, who: TestPerson | null, options?: PageOptions): Promise<OpenPage>;
  /** The admin of a portal that has never been synced. */
  freshAdmin(): Promise<TestPerson>;
}

/** Twenty-two accounts fill more than one page of the list. Without built cards the preview waits for them. */
export async function openTestSite(accounts = 22, cards?: CardBundles): Promise<TestSite> {
  const url = `http://localhost:${await freePort()}`;
  const web = await openTestWeb({ publicUrl: url }, cards);
  const [close, browser] = await Promise.all([serve(web), openBrowser()]);
  const portal = await addPortal(web, 'demo', 'demo');
  const admin = await signedInAs(web, portal, 'admin', 'Anna Admin');
  await fill(web, portal, accounts);
  let portals = 0;
  return {
    ...web,
    url,
    browser,
    portal,
    admin,
    open: async (path, who, options = {}) => {
      const cookie = who === null ? {} : { cookie: { url, header: who.cookie } };
      const opened = await openPage(browser, { ...cookie, ...options });
      onTestFinished(() => opened.context.close());
      await opened.page.goto(url + path);
      return opened;
    },
    freshAdmin: async () => {
      portals += 1;
      return signedInAs(web, await addPortal(web, `fresh-${portals}`), 'admin', 'Anna Admin');
    },
    close: async () => {
      await browser.close();
      await close();
      await web.close();
    },
  };
}

async function fill(web: TestWeb, portal: PortalId, accounts: number): Promise<void> {
  await markWorkerAlive(web.store, 'worker');
  await signedInAs(web, portal, 'manager', LONG_NAME);
  const fake = await startSmallHubSpot(accounts);
  // Called customers, so that they are in the list of accounts as well.
  const isAccount = { lifecyclestage: 'customer' };
  const domain = `${'long-domain.'.repeat(20)}example`;
  fake.state.create('companies', { ...isAccount, name: `Aaa${LONG_NAME}`, domain });
  fake.state.create('companies', { ...isAccount, name: '<img src=x onerror="document.title=1">' });
  await syncFrom(web, portal, fake);
  await fake.close();
}

/** A first sync in the middle of its records, with a long reason for what it leaves out. */
export async function beginFirstSync(test: TestWeb, { portal }: TestPerson): Promise<void> {
  const reason = `The HubSpot app lacks the scope crm.objects.${'custom'.repeat(12)}.read, so it cannot be read.`;
  await markSyncStarted(test.store, portal, NOON);
  const types = [
    typeRow('companies', { state: 'running', done: 10, total: 40 }),
    typeRow('tickets', { state: 'skipped', reason }),
  ];
  await saveSyncProgress(test.store, portal, progressOf({ types }));
}

/** A first sync that HubSpot refused. */
export async function failFirstSync(test: TestWeb, { portal }: TestPerson): Promise<void> {
  const sentence =
    'HubSpot refused the access token. Make a new one in HubSpot, set HUBSPOT_ACCESS_TOKEN, and start again.';
  await markSyncStarted(test.store, portal, NOON);
  await markSyncFinished(test.store, portal, NOON, resultOf({ state: 'failed', sentence }), false);
}
