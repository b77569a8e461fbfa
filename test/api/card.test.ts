import { createHmac } from 'node:crypto';
import type { Express } from 'express';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { getCard } from '../../src/core/accounts/card.ts';
import { CardAnswer } from '../../src/core/accounts/card-document.ts';
import { openCurrentData } from '../../src/core/portals/current-data.ts';
import { MESSY } from '../../src/demo/generator/messy.ts';
import { currentSnapshot } from '../../src/store/snapshots.ts';
import {
  addPortal,
  APP_ID,
  CLIENT_SECRET,
  NOON,
  openTestWeb,
  startSmallHubSpot,
  syncFrom,
  type TestWeb,
} from '../support/web.ts';

const OURS = '111';
const THEIRS = '222';
const FIRST_COMPANY = 7_000_000_000;
const ROOM = 4;
const OUR_COMPANY = String(FIRST_COMPANY + MESSY.pause * ROOM);

let test: TestWeb;
let ours: PortalId;
/** an account that only the other, larger portal has */
let theirCompany: string;

beforeAll(async () => {
  test = await openTestWeb({ publicUrl: 'https://holdfast.example' });
  ours = await addPortal(test, 'ours');
  const theirs = await addPortal(test, 'theirs');
  await addPortal(test, 'fresh');
  for (const [portal, id, accounts] of [
    [ours, OURS, 40],
    [theirs, THEIRS, 60],
  ] as const) {
    const fake = await startSmallHubSpot(accounts, Number(id));
    expect((await syncFrom(test, portal, fake)).state).toBe('complete');
    await fake.close();
  }
  const found = await rows(
    theirs,
    `select account_id from accounts where account_id::bigint >= ${FIRST_COMPANY + 40 * ROOM} order by 1 limit 1`,
  );
  theirCompany = String(found[0]?.['account_id']);
}, 120_000);
afterAll(() => test.close());

/** what the portal's published file answers */
async function rows(portal: PortalId, sql: string): Promise<Record<string, unknown>[]> {
  const name = (await currentSnapshot(test.store, portal))?.name ?? '';
  return test.web.snapshots.read(portal, name, async (db) => (await db.runAndReadAll(sql)).getRowObjects());
}

interface Ask {
  portal?: string;
  /** the address as HubSpot signed it, where that differs from what arrives */
  signedAs?: (address: string) => string;
  at?: Date;
  secret?: string;
  more?: string;
  app?: Express;
}

function ask(company: string, options: Ask = {}): Promise<Response> {
  const path = `/api/card/accounts/${company}?userId=7&portalId=${options.portal ?? OURS}&userEmail=a%40b.example&appId=${APP_ID}${options.more ?? ''}`;
  const address = `https://holdfast.example${path}`;
  const timestamp = String((options.at ?? NOON).getTime());
  const signature = createHmac('sha256', options.secret ?? CLIENT_SECRET)
    .update(`GET${options.signedAs?.(address) ?? address}${timestamp}`)
    .digest('base64');
  return request(options.app ?? test.app)
    .get(path)
    .set('X-Forwarded-Proto', 'https')
    .set({ 'X-HubSpot-Request-Timestamp': timestamp, 'X-HubSpot-Signature-v3': signature });
}

describe('the card’s address', () => {
  it('answers the finished document of the account, in the shape that was agreed', async () => {
    const response = await ask(OUR_COMPANY);
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/json');
    expect(response.headers['cache-control']).toBe('no-store');
    const answer = CardAnswer.parse(response.body);
    expect(answer).toMatchObject({
      ok: true,
      links: {
        account: `https://holdfast.example/accounts/${OUR_COMPANY}`,
        why: `https://holdfast.example/why?company=${OUR_COMPANY}`,
      },
      data: { isDemo: false },
      card: { account: { id: OUR_COMPANY, status: 'customer' } },
    });
    expect(await getCard(test.web, ours, OUR_COMPANY)).toEqual(answer);
  });

  it('takes the address signed as it came, and partly decoded as HubSpot’s documentation has it', async () => {
    const decoded = (address: string): string => address.replaceAll('%40', '@');
    for (const signedAs of [(address: string) => address, decoded])
      expect((await ask(OUR_COMPANY, { signedAs })).body).toMatchObject({ ok: true });
  });

  it.each([
    ['tampered', { more: '', signedAs: (address: string) => address.replace(OUR_COMPANY, '1') }],
    ['for another portal', { signedAs: (address: string) => address.replace(`=${OURS}`, `=${THEIRS}`) }],
    ['with another secret', { secret: 'not ours' }],
    ['stale', { at: new Date(NOON.getTime() - 301_000) }],
    ['from the future', { at: new Date(NOON.getTime() + 60_000) }],
  ] satisfies [string, Ask][])('refuses what is signed %s', async (_what, options) => {
    const response = await ask(OUR_COMPANY, options);
    expect([response.status, response.body]).toMatchObject([
      401,
      { ok: false, error: { code: 'unauthenticated', message: expect.stringMatching(/\.$/) } },
    ]);
    expect(response.text).not.toContain('"card"');
  });

  it('answers a company of another portal exactly as one that does not exist', async () => {
    expect((await ask(theirCompany, { portal: THEIRS })).body).toMatchObject({
      card: { account: { id: theirCompany } },
    });
    const foreign = await ask(theirCompany);
    const unknown = await ask('4711');
    expect([foreign.status, foreign.text]).toEqual([unknown.status, unknown.text]);
    expect(CardAnswer.parse(unknown.body)).toEqual({
      ok: false,
      error: {
        code: 'not_found',
        message: 'This company is not in the last sync. If it is new, come back after the next one.',
      },
      more: null,
    });
    for (const strange of ['%2e%2e%2f', "7'--", 'x'.repeat(200)])
      expect((await ask(strange)).body).toMatchObject({ error: { code: 'not_found' } });
  });

  it('tells the two portals’ companies of one number apart', async () => {
    const [mine, other] = await Promise.all([ask(OUR_COMPANY), ask(OUR_COMPANY, { portal: THEIRS })]);
    expect(mine.body.data.publishedAt).toBe(
      (await currentSnapshot(test.store, ours))?.publishedAt.toISOString(),
    );
    expect(other.body.card.account.id).toBe(mine.body.card.account.id);
    expect(other.body.card.asOf).toBeDefined();
  });

  it('says why a company that is no account has no card, and where to look', async () => {
    const [prospect] = await rows(
      ours,
      'select company_id from company_list anti join accounts on account_id = company_id order by 1 limit 1',
    );
    const id = String(prospect?.['company_id']);
    expect(CardAnswer.parse((await ask(id)).body)).toMatchObject({
      ok: false,
      error: { code: 'not_an_account' },
      more: `https://holdfast.example/why?company=${id}`,
    });
  });

  it('of a portal that the first sync has yet to ask for its number, says that it is on its way', async () => {
    const early = await ask(OUR_COMPANY, { portal: '999' });
    expect(early.status).toBe(200);
    expect(CardAnswer.parse(early.body)).toMatchObject({
      ok: false,
      error: {
        code: 'not_ready',
        message: expect.stringMatching(/reading it now\. Look again in some minutes/),
      },
      more: 'https://holdfast.example',
    });
    await test.store.query("update holdfast.portals set hubspot_portal_id = '333' where id = 'fresh'");
    // what is asked of the store is kept for a second
    const web = { ...test.web, current: openCurrentData(test.store) };
    const unknown = await ask(OUR_COMPANY, { portal: '999', app: createApp(web) });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'not_found']);
  });

  it('says that the first sync is not done yet', async () => {
    await test.store.query("update holdfast.portals set hubspot_portal_id = '333' where id = 'fresh'");
    expect(CardAnswer.parse((await ask(OUR_COMPANY, { portal: '333' })).body)).toMatchObject({
      ok: false,
      error: { code: 'not_ready' },
    });
  });

  it('never answers more than the goal of 40 KB', async () => {
    const [longest] = await rows(ours, 'select max(strlen(document))::integer as bytes from cards');
    expect(Number(longest?.['bytes'])).toBeLessThan(40_000);
  });
});

it('the example that both sides are built to has the agreed shape', async () => {
  const { default: example } = await import('../fixtures/card/customer.json', { with: { type: 'json' } });
  expect(CardAnswer.parse(example)).toEqual(example);
});

it('a whole company that opens cards through HubSpot’s few addresses is not held up', async () => {
  for (let n = 0; n < 700; n += 1) expect((await ask(OUR_COMPANY)).status).toBe(200);
});
