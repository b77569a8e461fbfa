/** Takes the pictures of the README from the real product in a real browser: npm run screenshots [folder] */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, openBrowser, openPage, PHONE, type PageOptions } from '../test/support/browser.ts';
import { startProduct } from '../test/support/product.ts';

const FOLDER = resolve(process.argv[2] ?? join(import.meta.dirname, 'images'));
const SYNC_MS = 300_000;
/** Room for the card that stands in HubSpot's sidebar, and for the page's header in one line. */
const SIDEBAR_WIDTH = 900;
const COLLEAGUES = [
  { name: 'Leonie Leader', email: 'leonie@example.com', role: 'Leader' },
  { name: 'Max Manager', email: 'max@example.com', role: 'Account manager' },
];

const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-pictures-'));
await mkdir(FOLDER, { recursive: true });
// Enough of the demo's past that a change over ninety days is known.
const product = await startProduct({ dataDir, args: ['--weeks', '16'] });
const browser = await openBrowser();
try {
  await takeAll(browser);
} finally {
  await browser.close();
  await product.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function takeAll(browser: Browser): Promise<void> {
  const desktop = await openPage(browser, { viewport: DESKTOP, still: true });
  const { page } = desktop;
  await page.goto(product.signInUrl);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${product.url}/`);
  const cookies = await desktop.context.cookies();
  const another = async (options: PageOptions): Promise<Page> => {
    const opened = await openPage(browser, { ...options, still: true });
    await opened.context.addCookies(cookies);
    await opened.page.goto(product.url);
    return opened.page;
  };
  const phone = await another({ viewport: PHONE, scale: 2 });
  // Half-way through the records, when there is something of everything to see.
  await page.locator('[data-share]', { hasText: /^[3-7]\d%$/ }).waitFor({ timeout: SYNC_MS });
  await Promise.all([take(page, 'start-during-desktop'), take(phone, 'start-during-phone')]);
  await page.getByRole('heading', { level: 1, name: 'companies from HubSpot' }).waitFor({ timeout: SYNC_MS });
  await take(page, 'start-after-desktop');
  await phone.goto(product.url);
  await take(phone, 'start-after-phone');
  await take(await another({ viewport: DESKTOP, colorScheme: 'dark' }), 'start-after-dark');
  await untilCaughtUp(page);
  await takeAccounts(page, phone);
  await invite(page);
  await take(page, 'people-desktop');
}

/** The demo portal has lived up to today, and the cards are built. */
async function untilCaughtUp(page: Page): Promise<void> {
  for (;;) {
    const answer: unknown = await (await page.request.get(`${product.url}/api/progress`)).json();
    if (!JSON.stringify(answer).includes('"isLiving":true')) return;
    await page.waitForTimeout(2000);
  }
}

/** The list, and one account as its page, its card in the sidebar and its card in a tab. */
async function takeAccounts(page: Page, phone: Page): Promise<void> {
  await page.goto(`${product.url}/accounts`);
  await take(page, 'accounts-desktop');
  await phone.goto(`${product.url}/accounts`);
  await take(phone, 'accounts-phone');
  await page.goto(`${product.url}/accounts?q=Birchwood`);
  await page.getByRole('link', { name: 'Birchwood Clinics' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Birchwood Clinics' }).waitFor();
  await take(page, 'account-desktop');
  const address = page.url();
  for (const [card, name] of [
    ['sidebar', 'card-sidebar'],
    ['tab', 'card-tab'],
  ] as const) {
    await page.setViewportSize(card === 'sidebar' ? { ...DESKTOP, width: SIDEBAR_WIDTH } : DESKTOP);
    await page.goto(`${address}/preview?card=${card}`);
    await page.getByText('Health').first().waitFor({ timeout: SYNC_MS });
    // The card whole, however long it is, under the line that says it is a preview.
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  }
  await page.setViewportSize(DESKTOP);
}

async function invite(page: Page): Promise<void> {
  for (const { name, email, role } of COLLEAGUES) {
    await page.goto(`${product.url}/people`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('radio', { name: role }).check();
    await page.getByRole('button', { name: 'Make a sign-in link' }).click();
    await page.getByRole('heading', { name }).waitFor();
  }
  await page.goto(`${product.url}/people`);
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}
