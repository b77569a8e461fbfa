import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { getAccountList } from '../../src/core/accounts/account-list.ts';
import { readCard } from '../../src/core/accounts/card.ts';
import { getProblems } from '../../src/core/accounts/problems.ts';
import { issueSetupLink } from '../../src/core/people/sign-in.ts';
import { saveDemoLife } from '../../src/store/demo-life.ts';
import { makeUsageToken } from '../../src/core/usage/tokens.ts';
import { DESKTOP, PHONE, type OpenPage } from '../support/browser.ts';
import { beginFirstSync, failFirstSync, openTestSite, type TestSite } from '../support/site.ts';
import { addPortal, type TestPerson } from '../support/web.ts';

const inPage = (name: string): string =>
  readFileSync(new URL(`../support/in-page/${name}.js`, import.meta.url), 'utf8');
const [FLAWS, STOPS, FOCUSED] = ['flaws', 'stops', 'focused'].map(inPage) as [string, string, string];
const Stops = z.array(z.string());
const Focused = z.object({ stop: z.string(), isShown: z.boolean(), outline: z.string() });

let test: TestSite;

beforeAll(async () => {
  test = await openTestSite();
  // In the middle of its life the demo portal has the most to say.
  await saveDemoLife(test.store, test.portal, {
    begins: '2024-09-02T00:00:00.000Z',
    anchor: '2026-03-02T00:00:00.000Z',
    reached: '2025-02-10T00:00:00.000Z',
    heading: '2025-02-17T00:00:00.000Z',
    isCaughtUp: false,
    weekMs: 2000,
  });
});
afterAll(() => test.close());

/** Every kind of page there is, in the state that is hardest to show. */
const PAGES: Record<string, () => Promise<{ path: string; who: TestPerson | null }>> = {
  'the start page with data': async () => ({ path: '/', who: test.admin }),
  'a search that finds nothing': async () => ({ path: `/?q=${'x'.repeat(90)}`, who: test.admin }),
  'the start page before the first sync': async () => ({ path: '/', who: await test.freshAdmin() }),
  'the start page during the first sync': async () => {
    const who = await test.freshAdmin();
    await beginFirstSync(test, who);
    return { path: '/', who };
  },
  'a failed first sync': async () => {
    const who = await test.freshAdmin();
    await failFirstSync(test, who);
    return { path: '/', who };
  },
  'the accounts': async () => ({ path: '/accounts', who: test.admin }),
  'accounts that nothing matches': async () => ({
    path: `/accounts?q=${'x'.repeat(90)}&band.past_due=1&health.none=1&plan.${'long-plan'.repeat(20)}=1`,
    who: test.admin,
  }),
  'the accounts before the first sync': async () => ({ path: '/accounts', who: await test.freshAdmin() }),
  'an account': async () => ({ path: `/accounts/${await fullestAccount()}`, who: test.admin }),
  'an account with a long name and nothing else': async () => ({
    path: `/accounts/${await accountFound('Aaa')}`,
    who: test.admin,
  }),
  'an account that is not there': async () => ({ path: '/accounts/nowhere', who: test.admin }),
  'churn and retention': async () => ({ path: '/churn?over=year', who: test.admin }),
  'churn before the first sync': async () => ({ path: '/churn', who: await test.freshAdmin() }),
  'why two conventions differ': async () => ({
    path: '/churn/lens?measure=net_revenue_churn&from=smsb&to=gitlab',
    who: test.admin,
  }),
  'the data problems': async () => ({ path: '/problems', who: test.admin }),
  'the data problems of one kind': async () => ({ path: '/problems?kind=no_rule_covers', who: test.admin }),
  'whether everything is here': async () => ({ path: '/sync', who: test.admin }),
  'whether everything is here, before the first sync': async () => ({
    path: '/sync',
    who: await test.freshAdmin(),
  }),
  'the question why': async () => ({ path: '/why?company=nowhere', who: test.admin }),
  'the answer why': async () => ({ path: `/why?company=${await oneAccount()}`, who: test.admin }),
  'the question why with several answers': async () => ({ path: '/why?company=a', who: test.admin }),
  'the mapping': async () => ({ path: '/settings/mapping', who: test.admin }),
  'the mapping before the first sync': async () => ({
    path: '/settings/mapping',
    who: await test.freshAdmin(),
  }),
  'usage from programs': async () => {
    const actor = { portal: test.portal, user: test.admin.personId, role: 'admin', via: 'session' } as const;
    await makeUsageToken(test.web, actor, { name: `Loader ${'long'.repeat(15)}` });
    return { path: '/settings/usage', who: test.admin };
  },
  portals: async () => {
    await addPortal(test, 'an-imported-portal-with-a-name-of-forty', 'import');
    return { path: '/settings/portals', who: test.admin };
  },
  people: async () => ({ path: '/people', who: test.admin }),
  'the account': async () => ({ path: '/account', who: test.admin }),
  activity: async () => ({ path: '/activity', who: test.admin }),
  'the visitor’s page': async () => ({ path: '/', who: null }),
  'a sign-in link': async () => ({
    path: `/signin/${await issueSetupLink(test.web, test.portal)}`,
    who: null,
  }),
  'an address that is not there': async () => ({ path: '/nowhere', who: test.admin }),
};

/** The account of the list's first problem that leads to one. */
async function oneAccount(): Promise<string> {
  const list = await getProblems(test.web, test.portal, {});
  const id = list?.rows.find((row) => row.account_id !== null)?.account_id;
  if (id === undefined || id === null) throw new Error('No problem leads to an account.');
  return id;
}

async function accountFound(q: string): Promise<string> {
  const answer = await getAccountList(test.web, test.portal, { q });
  const id = answer.state === 'listed' ? answer.list.rows[0]?.account_id : undefined;
  if (id === undefined) throw new Error(`No account is found by ${q}.`);
  return id;
}

/** The one of which there is most to show. */
async function fullestAccount(): Promise<string> {
  const answer = await getAccountList(test.web, test.portal, {});
  const ids = answer.state === 'listed' ? answer.list.rows.map((row) => row.account_id) : [];
  const cards = await Promise.all(
    ids.map(async (id) => Buffer.concat([...(await readCard(test.web, test.portal, id))])),
  );
  const longest = cards.reduce((best, card, n) => (card.length > (cards[best]?.length ?? 0) ? n : best), 0);
  return ids[longest] ?? 'none';
}

// A page that is refused is refused with its status, which the console calls a failed resource.
function complaintsOf({ complaints }: OpenPage): string[] {
  return complaints.filter((text) => !/status of 40[14]/.test(text));
}

describe.each(Object.entries(PAGES))('%s', (_name, prepare) => {
  it('fits a phone of 360 pixels, is quiet in the console, and is named for those who cannot see it', async () => {
    const { path, who } = await prepare();
    for (const options of [{ viewport: PHONE }, { viewport: DESKTOP, colorScheme: 'dark' as const }]) {
      const opened = await test.open(path, who, options);
      const { page } = opened;
      for (const summary of await page.locator('main summary').all()) await summary.click();
      const widest = await page.evaluate('document.documentElement.scrollWidth');
      expect(widest).toBeLessThanOrEqual(options.viewport.width);
      expect(await page.evaluate(FLAWS)).toEqual([]);
      expect(complaintsOf(opened)).toEqual([]);
      await opened.context.close();
    }
  });

  it('is reached whole by keyboard, in reading order, with a focus one can see', async () => {
    const { path, who } = await prepare();
    const { page } = await test.open(path, who);
    const wanted = Stops.parse(await page.evaluate(STOPS));
    const seen: string[] = [];
    for (let n = 0; n < wanted.length; n += 1) {
      await page.keyboard.press('Tab');
      const focused = Focused.parse(await page.evaluate(FOCUSED));
      expect(focused).toMatchObject({ isShown: true, outline: 'solid 3px' });
      seen.push(focused.stop);
    }
    expect(seen).toEqual(wanted);
  });
});

it('the first stop jumps over the header to the content', async () => {
  const { page } = await test.open('/', test.admin);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(`document.querySelector('main').contains(document.activeElement)`)).toBe(true);
});

it('what HubSpot holds does not run', async () => {
  const { page, complaints } = await test.open('/?q=onerror', test.admin);
  expect(await page.locator('td.company').innerText()).toContain('<img src=x onerror="document.title=1">');
  expect(await page.title()).toContain('Holdfast');
  expect(complaints).toEqual([]);
});

it('what HubSpot holds of an account does not run either', async () => {
  const id = await accountFound('onerror');
  const { page, complaints } = await test.open('/accounts?q=onerror', test.admin);
  expect(await page.locator('td.account').innerText()).toContain('<img src=x onerror="document.title=1">');
  // A click anywhere in the row leads to the account.
  await page.locator('td.of-tickets').click({ force: true });
  await page.waitForURL(`**/accounts/${id}`);
  expect(await page.locator('h1').innerText()).toBe('<img src=x onerror="document.title=1">');
  expect(complaints).toEqual([]);
});

it('accounts are found and filtered without scripts, and the address holds what was chosen', async () => {
  const { page } = await test.open('/accounts', test.admin, { javaScript: false });
  await page.getByRole('searchbox', { name: 'Search the accounts' }).fill('a');
  await page.getByText('All filters').click();
  await page
    .getByRole('group', { name: 'Status' })
    .getByRole('checkbox', { name: 'Customer', exact: false })
    .first()
    .check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.waitForURL((url) => url.searchParams.get('status.customer') === '1');
  expect(new URL(page.url()).searchParams.get('q')).toBe('a');
  expect(await page.getByRole('link', { name: 'Take off: Status: Customer' }).count()).toBe(1);
  await page.getByRole('link', { name: 'Contract value' }).click();
  await page.waitForURL('**/accounts?q=a&status.customer=1&sort=value');
});

// What reaches out of its cell covers the next one.
const REACHING = `[...document.querySelectorAll('.account-rows td')].flatMap((cell) => {
  const box = cell.getBoundingClientRect();
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const reaching = [];
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    if (node.parentElement.closest('.unseen, .domain, .company-name') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if ([...range.getClientRects()].some((one) => one.right > box.right + 0.5 || one.left < box.left - 0.5))
      reaching.push(node.textContent.trim());
  }
  return reaching;
})`;

it.each([1280, 1024, 800, 390])(
  'the list keeps every date and remark within its column at %d pixels',
  async (width) => {
    const { page } = await test.open('/accounts', test.admin, { viewport: { width, height: 900 } });
    expect(await page.locator('td.of-nps .under').count()).toBeGreaterThan(5);
    expect(await page.evaluate(REACHING)).toEqual([]);
  },
);

it('an account prints on two sheets at most, in dark ink on white, without the ways on', async () => {
  const path = `/accounts/${await fullestAccount()}`;
  const { page } = await test.open(path, test.admin, { colorScheme: 'dark' });
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(2);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const hidden of [
    'header.top',
    'footer.bottom',
    '.demo-clock',
    '.eyebrow',
    '.portrait-links',
    '.origins',
  ])
    expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
  const colours = `[getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]`;
  expect(await page.evaluate(colours)).toEqual(['rgb(18, 33, 31)', 'rgb(255, 255, 255)']);
});

it('the content policy holds: a script that got into a page would not run', async () => {
  const { page, complaints } = await test.open('/', test.admin);
  const ran = await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'document.documentElement.dataset.ran = "yes"';
    document.body.append(script);
    document.documentElement.dataset.ran ?? 'no'`);
  expect(ran).toBe('no');
  expect(complaints.join()).toMatch(/Content Security Policy/);
});
