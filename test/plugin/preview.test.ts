import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../src/app.ts';
import { CardAnswer } from '../../src/core/accounts/card-document.ts';
import type { CardBundles } from '../../src/core/web-context.ts';
import { NO_BUILDER } from '../../src/process/card-build.ts';
import { DESKTOP, openPage, PHONE, type OpenPage, type PageOptions } from '../support/browser.ts';
import { builtCards } from '../support/built-cards.ts';
import { openTestSite, type TestSite } from '../support/site.ts';

const inPage = (name: string): string =>
  readFileSync(new URL(`../support/in-page/${name}.js`, import.meta.url), 'utf8');
const [FLAWS, STOPS, FOCUSED] = ['flaws', 'stops', 'focused'].map(inPage) as [string, string, string];
const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/card/${name}.json`, import.meta.url), 'utf8');

let site: TestSite;
let account: string;

beforeAll(async () => {
  site = await openTestSite(12, await builtCards());
  account = await anAccount();
});
afterAll(() => site.close());

/** An account of the portal that was really synced. */
async function anAccount(): Promise<string> {
  const current = await site.web.current.of(site.portal);
  if (current === null) throw new Error('nothing is published');
  const [row] = await site.web.snapshots.read(site.portal, current.snapshot.name, async (db) =>
    (await db.runAndReadAll('select account_id from accounts order by account_id limit 1')).getRowObjectsJS(),
  );
  return z.object({ account_id: z.string() }).parse(row).account_id;
}

type Card = 'sidebar' | 'tab';
const address = (card: Card, id = account): string =>
  `/accounts/${encodeURIComponent(id)}/preview?card=${card}`;

/** The preview with an answer of our own, behind everything else that is real. */
async function openWith(card: Card, body: string, options: PageOptions = {}): Promise<OpenPage> {
  const opened = await openPage(site.browser, {
    cookie: { url: site.url, header: site.admin.cookie },
    ...options,
  });
  onTestFinished(() => opened.context.close());
  await opened.page.route('**/api/preview/accounts/*', (route) =>
    route.fulfill({ contentType: 'application/json', body }),
  );
  await opened.page.goto(site.url + address(card));
  return opened;
}

describe('the preview', () => {
  it.each(['sidebar', 'tab'] as const)(
    'runs the production bundle of the %s on a real account',
    async (card) => {
      const { page, complaints } = await site.open(address(card), site.admin);
      await page.getByRole('button', { name: 'Reload' }).waitFor();
      const scripts = await page.evaluate(`[...document.scripts].map((one) => new URL(one.src).pathname)`);
      const state = site.web.cards.state();
      if (state.state !== 'ready') throw new Error(state.state);
      expect(scripts).toEqual([expect.stringMatching(/holdfast/), state.host, state[card]]);
      const answer = CardAnswer.parse(
        JSON.parse(
          (
            await request(site.app)
              .get(`/api/preview/accounts/${account}`)
              .set('Cookie', site.admin.cookie)
              .expect(200)
          ).text,
        ),
      );
      if (!answer.ok) throw new Error(answer.error.message);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(answer.card.account.name);
      expect(await page.locator('[data-card-preview]').innerText()).toContain('Demo data');
      expect(complaints).toEqual([]);
    },
  );

  it('says, always in sight, that it is a preview and not HubSpot', async () => {
    const { page } = await openWith('tab', fixture('huge'));
    await page.getByRole('button', { name: 'Reload' }).scrollIntoViewIfNeeded();
    const note = page.getByText('This is a preview, not HubSpot.');
    expect(await page.evaluate('window.scrollY')).toBeGreaterThan(300);
    const box = await note.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeLessThan(100);
  });

  it('is as narrow as HubSpot’s sidebar, or as wide as its tab', async () => {
    const { page } = await site.open(address('sidebar'), site.admin);
    expect((await page.locator('.hs-frame').boundingBox())?.width).toBe(320);
    await page.getByRole('link', { name: 'Tab', exact: true }).click();
    await page.getByRole('tab', { name: 'Health' }).waitFor();
    expect((await page.locator('.hs-frame').boundingBox())?.width).toBeGreaterThan(900);
    expect(await page.getByRole('link', { name: 'Tab', exact: true }).getAttribute('aria-current')).toBe(
      'page',
    );
  });
});

describe('clicking through the card', () => {
  it('the tabs show one panel each, by mouse and by keyboard', async () => {
    const { page, complaints } = await openWith('tab', fixture('customer'));
    const panel = page.getByRole('tabpanel');
    await page.getByRole('tab', { name: 'Contracts' }).click();
    expect(await panel.innerText()).toContain('Scale plan');
    await page.keyboard.press('ArrowRight');
    expect(await panel.innerText()).toContain('Waiting on us');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Open tickets');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await panel.innerText()).toContain('Amara Okafor');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Survey answers');
    expect(complaints).toEqual([]);
  });

  it('the brief goes to the clipboard, and the card says so', async () => {
    const { page, context, complaints } = await openWith('sidebar', fixture('customer'));
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy renewal brief' }).click();
    await page.getByText('The renewal brief is on the clipboard.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^Renewal brief: Birchwood Clinics, Mar 1, 2026\n/,
    );
    expect(complaints).toEqual([]);
  });

  it('a reload reads the account anew without loading the page', async () => {
    const { page, complaints } = await openWith('sidebar', fixture('customer'));
    await page.getByRole('img', { name: '38 / 100' }).waitFor();
    await page.evaluate(`document.body.dataset.mark = 'same page'`);
    const next = fixture('customer').replace('"score": 38', '"score": 41');
    await page.route('**/api/preview/accounts/*', (route) =>
      route.fulfill({ contentType: 'application/json', body: next }),
    );
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('img', { name: '41 / 100' }).waitFor();
    expect(await page.evaluate('document.body.dataset.mark')).toBe('same page');
    expect(complaints).toEqual([]);
  });

  it('links lead to the account page, to why, and to records, in a tab of their own', async () => {
    const { page } = await openWith('tab', fixture('customer'));
    await page.getByText('Why is it counted, or not?').waitFor();
    const links = await page.evaluate(
      `[...document.querySelectorAll('[data-card-preview] a')].map((one) => [one.href, one.target, one.rel].join(' '))`,
    );
    expect(links).toContain('https://holdfast.example.com/accounts/7000000084 _blank noopener noreferrer');
    expect(links).toContain('https://holdfast.example.com/why?company=7000000084 _blank noopener noreferrer');
    expect(links).toContain(
      'https://app.hubspot.com/contacts/20260301/record/0-5/7000000503 _blank noopener noreferrer',
    );
  });

  it('a failure can be tried again', async () => {
    const { page } = await site.open('/account', site.admin);
    let isDown = true;
    await page.route('**/api/preview/accounts/*', (route) =>
      isDown
        ? route.fulfill({ status: 500, body: 'x' })
        : route.fulfill({ contentType: 'application/json', body: fixture('customer') }),
    );
    await page.goto(site.url + address('sidebar'));
    await page.getByText('Holdfast could not answer (status 500).').waitFor();
    isDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('img', { name: '38 / 100' }).waitFor();
  });

  it('what HubSpot holds does not run', async () => {
    const evil = '<img src=x onerror="document.title=1">';
    const body = fixture('customer')
      .replaceAll('Priya Raman', JSON.stringify(evil).slice(1, -1))
      .replaceAll('https://holdfast.example.com/why', 'javascript:document.title=2//');
    const { page, complaints } = await openWith('sidebar', body);
    await page.getByText(evil).waitFor();
    await page.getByText('Why is it counted, or not?').click();
    expect(await page.title()).toContain('Holdfast');
    expect(complaints).toEqual([]);
  });
});

// Those that are hardest to show; every state is drawn by the tests of the cards themselves.
const STATES = ['customer', 'former', 'uncovered', 'huge', 'not_an_account'];

describe.each(STATES.flatMap((state) => [[state, 'sidebar'] as const, [state, 'tab'] as const]))(
  'the answer %s in the %s',
  (state, card) => {
    it('fits a phone of 360 pixels, is quiet in the console, and is named for those who cannot see it', async () => {
      for (const options of [{ viewport: PHONE }, { viewport: DESKTOP, colorScheme: 'dark' as const }]) {
        const { page, complaints } = await openWith(card, fixture(state), options);
        await page.getByRole('button', { name: /Reload|Try again/ }).waitFor();
        const expectSound = async (): Promise<void> => {
          const widest = await page.evaluate('document.documentElement.scrollWidth');
          expect(widest).toBeLessThanOrEqual(options.viewport.width);
          expect(await page.evaluate(FLAWS)).toEqual([]);
        };
        await expectSound();
        for (const tab of await page.getByRole('tab').all()) {
          await tab.click();
          await expectSound();
        }
        expect(complaints).toEqual([]);
      }
    });
  },
);

it.each(['sidebar', 'tab'] as const)(
  'the %s is reached whole by keyboard, in reading order, with a focus one can see',
  async (card) => {
    const { page } = await openWith(card, fixture('customer'));
    await page.getByRole('button', { name: 'Reload' }).waitFor();
    const wanted = z.array(z.string()).parse(await page.evaluate(STOPS));
    const seen: string[] = [];
    for (let n = 0; n < wanted.length; n += 1) {
      await page.keyboard.press('Tab');
      const focused = z
        .object({ stop: z.string(), isShown: z.boolean(), outline: z.string() })
        .parse(await page.evaluate(FOCUSED));
      expect(focused).toMatchObject({ isShown: true, outline: 'solid 3px' });
      seen.push(focused.stop);
    }
    expect(seen).toEqual(wanted);
  },
);

describe('the page and the files', () => {
  const get = (path: string, cards: CardBundles = site.web.cards) =>
    request(createApp({ ...site.web, cards }))
      .get(path)
      .set('Cookie', site.admin.cookie);

  it('are served by their names, to be kept for ever, and nothing else is', async () => {
    const state = site.web.cards.state();
    if (state.state !== 'ready') throw new Error(state.state);
    for (const path of [state.host, state.sidebar, state.tab]) {
      const response = await get(path).expect(200);
      expect(response.headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
    }
    for (const path of ['/card/manifest.json', '/card/..%2Fmanifest.json', '/card/none.js']) {
      await get(path).expect(404);
    }
  });

  it('say that the card is being made, and load anew until it is', async () => {
    const building: CardBundles = { state: () => ({ state: 'building' }), file: () => null };
    const response = await get(address('sidebar'), building).expect(200);
    expect(response.text).toContain('The card is being made');
    expect(response.text).toContain('<meta http-equiv="refresh" content="2" />');
    expect(response.text).not.toContain('data-card-preview');
  });

  it('say in one sentence what to do when it cannot be made', async () => {
    const missing: CardBundles = {
      state: () => ({ state: 'missing', sentence: NO_BUILDER }),
      file: () => null,
    };
    const response = await get(address('sidebar'), missing).expect(200);
    expect(response.text).toContain(NO_BUILDER);
    expect(response.text).not.toContain('http-equiv="refresh"');
  });

  it('answer for a company that is not there with 404 and a card that says so', async () => {
    await get(address('tab', '999')).expect(404);
    const opened = await site.open(address('sidebar', '999'), site.admin);
    onTestFinished(() => opened.context.close());
    await opened.page.getByText('This company is not in the last sync.').waitFor();
  });
});
