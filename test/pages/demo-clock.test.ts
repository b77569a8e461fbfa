import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewDemo } from '../../src/core/portals/demo-view.ts';
import { saveDemoLife, type DemoLife } from '../../src/store/demo-life.ts';
import { DESKTOP, PHONE } from '../support/browser.ts';
import { openTestSite, type TestSite } from '../support/site.ts';
import { addPortal, NOON, signedInAs, startSmallHubSpot, syncFrom } from '../support/web.ts';

const life = (values: Partial<DemoLife>): DemoLife => ({
  begins: '2024-09-02T00:00:00.000Z',
  anchor: '2026-03-02T00:00:00.000Z',
  reached: null,
  heading: '2024-09-02T00:00:00.000Z',
  isCaughtUp: false,
  weekMs: null,
  ...values,
});
const HALF = life({ reached: '2025-02-10T00:00:00.000Z', heading: '2025-02-17T00:00:00.000Z', weekMs: 2000 });

describe('where the demo portal is in its life', () => {
  it('is told in weeks, with what is left once a week was measured', () => {
    expect(viewDemo(life({}), NOON)).toMatchObject({
      isLiving: true,
      weeks: { done: 0, total: 78 },
      share: 0,
      secondsLeft: null,
    });
    expect(viewDemo(HALF, NOON)).toMatchObject({ weeks: { done: 23, total: 78 }, secondsLeft: 112 });
    const over = viewDemo({ ...HALF, isCaughtUp: true }, NOON);
    expect(over).toMatchObject({ now: NOON, isLiving: false, share: 1, secondsLeft: null });
  });
});

describe('every page of the demo portal', () => {
  let test: TestSite;
  beforeAll(async () => {
    test = await openTestSite(3);
  });
  afterAll(() => test.close());

  /** The next week is published: what readers see is of that many days after noon. */
  async function publishAt(days: number): Promise<void> {
    const fake = await startSmallHubSpot(3);
    // Sessions go by the clock of the site, which stays where it is.
    const clock = { ...test.clock, now: () => new Date(NOON.getTime() + days * 86_400_000) };
    const { state, sentence } = await syncFrom({ ...test, clock }, test.portal, fake);
    await fake.close();
    expect([state, sentence]).toEqual(['complete', null]);
  }

  it.each([
    ['desktop', DESKTOP, 'Mar 2, 2026', 7, 'Mar 9, 2026'],
    ['phone', PHONE, 'Mar 9, 2026', 14, 'Mar 16, 2026'],
  ])(
    'says of which day its data are, and how far it is (%s)',
    async (name, viewport, before, days, after) => {
      await saveDemoLife(test.store, test.portal, HALF);
      const { page, complaints } = await test.open('/problems', test.admin, { viewport, still: true });
      const clock = page.getByRole('complementary', { name: 'Time in the demo portal' });
      // What the portal has reached is another day than that of what is shown.
      expect(await clock.innerText()).toContain(
        `Demo portal: what you see is of ${before}; 23 of 78 weeks lived, about 2 min left.`,
      );
      const shots = process.env['SCREENSHOTS'];
      if (shots !== undefined) await page.screenshot({ path: `${shots}/living-${name}.png` });
      await saveDemoLife(test.store, test.portal, { ...HALF, reached: '2025-02-17T00:00:00.000Z' });
      await clock.getByText(`what you see is of ${before}; 24 of 78 weeks lived`).waitFor();
      expect(await clock.getByRole('link').count()).toBe(0);
      await publishAt(days);
      await clock.getByRole('link', { name: 'Show the newest week' }).waitFor();
      expect(await clock.innerText()).toContain(before);
      await saveDemoLife(test.store, test.portal, { ...HALF, isCaughtUp: true });
      await clock.getByRole('link', { name: 'Show today' }).click();
      await clock.getByText(`what you see is of ${after}; it has caught up with today.`).waitFor();
      expect(await clock.getByRole('progressbar').count()).toBe(0);
      if (shots !== undefined) await page.screenshot({ path: `${shots}/caught-up-${name}.png` });
      expect(complaints).toEqual([]);
    },
  );

  it('says before the first publish that there is nothing to see', async () => {
    const portal = await addPortal(test, 'unborn', 'demo');
    await saveDemoLife(test.store, portal, HALF);
    const { page } = await test.open('/people', await signedInAs(test, portal, 'admin'));
    const clock = page.getByRole('complementary', { name: 'Time in the demo portal' });
    expect(await clock.innerText()).toContain('Demo portal: nothing to see yet; 23 of 78 weeks lived');
  });

  it('offers no sync of its own while it lives, and tells of no sync that runs', async () => {
    await saveDemoLife(test.store, test.portal, HALF);
    const { page } = await test.open('/', test.admin);
    expect(await page.getByRole('button', { name: 'Sync now' }).count()).toBe(0);
    expect(await page.getByText('A sync is running').count()).toBe(0);
  });

  it('is silent in every other portal', async () => {
    const { page } = await test.open('/problems', await test.freshAdmin());
    expect(await page.getByRole('complementary', { name: 'Time in the demo portal' }).count()).toBe(0);
  });
});
