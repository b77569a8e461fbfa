import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { issueSetupLink } from '../../src/core/people/sign-in.ts';
import { markSyncFinished, markSyncStarted, saveSyncProgress } from '../../src/store/sync-status.ts';
import { openPage } from '../support/browser.ts';
import { beginFirstSync, openTestSite, type TestSite } from '../support/site.ts';
import { progressOf, typeRow } from '../support/sync-documents.ts';
import { NOON, startSmallHubSpot, syncFrom } from '../support/web.ts';

/** What a page that is loaded anew forgets. */
const MARK = `document.body.dataset.mark = 'same page'`;
const MARKED = `document.body.dataset.mark`;

let test: TestSite;

beforeAll(async () => {
  test = await openTestSite(3);
});
afterAll(() => test.close());

describe('while a sync runs', () => {
  it('the page counts along without loading anew, and turns into the data at the end', async () => {
    const who = await test.freshAdmin();
    const { page, complaints } = await test.open('/', who);
    const h1 = page.getByRole('heading', { level: 1 });
    expect(await h1.innerText()).toBe('The first sync starts in a moment');
    await beginFirstSync(test, who);
    await page.getByRole('heading', { level: 1, name: 'Reading your HubSpot for the first time' }).waitFor();
    await page.evaluate(MARK);
    const companies = page.locator('[data-type="companies"]');
    await saveSyncProgress(
      test.store,
      who.portal,
      progressOf({
        phase: 'associations',
        types: [
          typeRow('companies', { state: 'done', done: 40, total: 40 }),
          typeRow('2-77', { label: 'Product <b>use</b>', state: 'running', done: 7, total: 14 }),
        ],
        associations: { done: 1200, total: 2400 },
        requests: 1234,
      }),
    );
    await companies.getByText('40 read', { exact: true }).waitFor();
    expect(await companies.innerText()).toContain('done');
    expect(await page.locator('[data-type="2-77"]').innerText()).toMatch(
      /Product <b>use<\/b>\s+7 of 14\s+reading/,
    );
    expect(await page.getByRole('progressbar', { name: 'Product <b>use</b>' }).getAttribute('value')).toBe(
      '7',
    );
    expect(await page.locator('[aria-current="step"]').innerText()).toMatch(
      /Reading how they belong together\s+1,200 of 2,400/,
    );
    expect(await page.locator('[data-share]').innerText()).toBe('89%');
    expect(await page.locator('[data-requests]').innerText()).toBe('1,234');
    expect(await page.getByRole('status').innerText()).toBe(
      'Reading how they belong together, 89% of the whole.',
    );
    expect(await page.evaluate(MARKED)).toBe('same page');
    const fake = await startSmallHubSpot(5, 600);
    await syncFrom(test, who.portal, fake);
    await fake.close();
    await page.getByRole('heading', { level: 1, name: '5 companies from HubSpot' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('over data that are there, it offers the new data and does not take the page away', async () => {
    await markSyncStarted(test.store, test.portal, new Date(NOON.getTime() + 1000));
    const { page } = await test.open('/?q=aaa', test.admin);
    await page.evaluate(MARK);
    await page.getByText('A sync is running').first().waitFor();
    const [kept] = await test.store.query<{ result: unknown }>(
      'select result from holdfast.sync_status where portal_id = $1',
      [test.portal],
    );
    await markSyncFinished(test.store, test.portal, new Date(NOON.getTime() + 2000), kept?.result, true);
    const link = page.getByRole('link', { name: 'Show the new data' });
    await link.waitFor();
    expect(await page.evaluate(MARKED)).toBe('same page');
    await link.click();
    await page.getByRole('button', { name: 'Sync now' }).waitFor();
  });

  it('“Sync now” leads to a page that shows the new data by itself', async () => {
    const { page } = await test.open('/', test.admin);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('A sync was asked for').waitFor();
    expect(test.asked).toContain(test.portal);
    await markSyncStarted(test.store, test.portal, new Date(NOON.getTime() + 3000));
    await page.locator('[data-strip-title]', { hasText: 'A sync is running' }).waitFor();
    const [kept] = await test.store.query<{ result: unknown }>(
      'select result from holdfast.sync_status where portal_id = $1',
      [test.portal],
    );
    await markSyncFinished(test.store, test.portal, new Date(NOON.getTime() + 4000), kept?.result, true);
    await page.getByRole('button', { name: 'Sync now' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('says when Holdfast does not answer, and goes on when it does again', async () => {
    const who = await test.freshAdmin();
    await beginFirstSync(test, who);
    const { page } = await test.open('/', who);
    await page.route('**/api/progress', (route) => route.abort());
    await page.getByText('Holdfast does not answer. Trying again.').waitFor();
    await page.unroute('**/api/progress');
    await page.getByText('Holdfast does not answer.').waitFor({ state: 'hidden' });
  });

  it('says when the session is over, and asks no more', async () => {
    const who = await test.freshAdmin();
    await beginFirstSync(test, who);
    const { page } = await test.open('/', who);
    await test.store.query('update holdfast.sessions set ended_at = $2 where id = $1', [who.sessionId, NOON]);
    await page.getByText('Your session is over. Reload this page to sign in again.').waitFor();
  });

  it('a page that nobody looks at asks rarely', async () => {
    const who = await test.freshAdmin();
    await beginFirstSync(test, who);
    const { page, context } = await openPage(test.browser, { cookie: { url: test.url, header: who.cookie } });
    onTestFinished(() => context.close());
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/api/progress')) asked += 1;
    });
    await page.clock.install();
    await page.addInitScript(
      `Object.defineProperty(document, 'hidden', { get: () => document.documentElement.dataset.seen === undefined })`,
    );
    await page.goto(test.url);
    await page.clock.runFor(14_000);
    expect(asked).toBe(0);
    const answer = page.waitForResponse('**/api/progress');
    await page.evaluate(
      `document.documentElement.dataset.seen = 'yes'; document.dispatchEvent(new Event('visibilitychange'))`,
    );
    await page.clock.runFor(10);
    await answer;
    expect(asked).toBe(1);
  });
});

describe('without scripts', () => {
  it('one signs in, invites somebody and signs out', async () => {
    const link = await issueSetupLink(test.web, test.portal);
    const { page } = await test.open(`/signin/${link}`, null, { javaScript: false });
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(new URL(page.url()).pathname).toBe('/');
    await page.goto(`${test.url}/people`);
    await page.getByLabel('Name').fill('Nora No-Script');
    await page.getByRole('radio', { name: 'Analyst' }).check();
    await page.getByRole('button', { name: 'Make a sign-in link' }).click();
    expect(await page.getByLabel('The link').inputValue()).toMatch(/\/signin\/in_[\w-]{43}$/);
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
    await page.goto(`${test.url}/account`);
    await page.getByRole('button', { name: 'Sign out here' }).click();
    await page.getByRole('heading', { name: 'Sign in to Holdfast' }).waitFor();
  });

  it('the page of a running sync loads itself anew', async () => {
    const who = await test.freshAdmin();
    await beginFirstSync(test, who);
    const { page } = await test.open('/', who, { javaScript: false });
    expect(await page.locator('[data-type="companies"]').innerText()).toContain('10 of 40');
    expect(await page.locator('noscript meta').count()).toBe(1);
  });
});

it('a new link is copied with one press', async () => {
  const { page, context } = await test.open('/people', test.admin);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: test.url });
  await page.getByRole('button', { name: 'New sign-in link for Anna Admin' }).click();
  const link = await page.getByLabel('The link').inputValue();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
});

it('ages go on while a page stands open', async () => {
  const { page, context } = await openPage(test.browser, {
    cookie: { url: test.url, header: test.admin.cookie },
  });
  onTestFinished(() => context.close());
  await page.clock.install();
  await page.goto(test.url);
  const age = page.locator('.age time');
  expect(await age.innerText()).toBe('just now');
  await page.clock.runFor(5.5 * 60_000);
  expect(await age.innerText()).toBe('5 minutes ago');
});
