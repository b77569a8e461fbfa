import request, { type Response } from 'supertest';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import { ROLES, type PortalId } from '../../src/core/actor.ts';
import { Mapping } from '../../src/core/accounts/mapping.ts';
import { en } from '../../src/pages/text/en.ts';
import { mappingAt } from '../../src/store/mappings.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  addPortal,
  openTestWeb,
  signedInAs,
  startSmallHubSpot,
  syncFrom,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

const MINUTE_MS = 60_000;

let test: TestWeb;
let app: Express;
let portal: PortalId;
let admin: TestPerson;

beforeAll(async () => {
  test = await openTestWeb();
  portal = await addPortal(test, 'main');
  admin = await signedInAs(test, portal, 'admin', 'Anna Admin');
  const fake = await startSmallHubSpot(30);
  fake.state.create('companies', { name: 'Uncovered & Sons', lifecyclestage: 'customer' });
  await syncFrom(test, portal, fake);
  await fake.close();
  test.clock.advance(MINUTE_MS);
});
afterAll(() => test.close());
beforeEach(() => {
  app = createApp(test.web);
});

function get(path: string, who: TestPerson = admin): Promise<Response> {
  return request(app).get(path).set('Cookie', who.cookie);
}

function post(path: string, form: Record<string, string>, who: TestPerson = admin): Promise<Response> {
  return request(app)
    .post(path)
    .set('Cookie', who.cookie)
    .type('form')
    .send({ csrf: who.csrf, ...form });
}

function words(page: Response): string {
  const main = /<main[\s\S]*<\/main>/.exec(page.text)?.[0] ?? '';
  return main.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

/** What a browser would send of the editor: the text, and the version it was made from. */
function editorOf(page: Response): { document: string; version: string } {
  const text = /<textarea[^>]*>\n?([\s\S]*?)<\/textarea\s*>/.exec(page.text)?.[1] ?? '';
  const document = text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  return { document, version: /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '' };
}

describe('the page of the mapping', () => {
  it('says what is read from where, how many records have it, what each rule covers and who is left', async () => {
    const page = await get('/settings/mapping');
    const text = words(page);
    expect(text).toMatch(/1\. Subscriptions \d+ .*2\. Line items \d+ /);
    expect(text).toMatch(
      /2 companies are called a customer, but no source has a contract: .*Uncovered &amp; Sons/,
    );
    expect(page.text).toMatch(/href="\/why\?company=\d+"\s*>Uncovered &amp; Sons</);
    expect(page.text).toContain('href="/problems?kind=no_rule_covers"');
    expect(text).toMatch(/plan hf_plan \d+ \d+%/);
    expect(text).toContain('says that it is a customer lifecyclestage counts when it says: customer');
    expect(text).toMatch(/score hs_value HubSpot’s own \d+/);
    expect(text).toContain('Left out are accounts of the types internal, test, pilot, reseller.');
    expect(text).toContain('Days a late renewal may take 30');
    expect(text).toContain('Version 1 Proposed by Holdfast');
    expect(text).toContain('nobody has looked at it yet');
  });

  it('is written by admins, read by leaders and analysts, and none of an account manager’s business', async () => {
    for (const role of ROLES) {
      const page = await get('/settings/mapping', await signedInAs(test, portal, role));
      expect(page.status, role).toBe(role === 'manager' ? 403 : 200);
      expect(page.text.includes('<textarea'), role).toBe(role === 'admin');
      expect(/<a href="\/settings\/mapping"/.test(page.text), role).toBe(role !== 'manager');
    }
  });

  it('stores what is sent unchanged as nothing, and a change as the next version that is published anew', async () => {
    const same = await post('/settings/mapping', editorOf(await get('/settings/mapping')));
    expect([same.status, same.headers['location']]).toEqual([303, '/settings/mapping?stored=same']);
    expect(test.rebuilt).toEqual([]);
    const { document, version } = editorOf(await get('/settings/mapping'));
    const changed = document.replace('"grace_days": 30', '"grace_days": 45');
    // As a browser sends it: lines end in CR LF.
    const form = { document: changed.replaceAll('\n', '\r\n'), version };
    const stored = await post('/settings/mapping', form);
    expect([stored.status, stored.headers['location']]).toEqual([303, '/settings/mapping?stored=2']);
    expect(test.rebuilt).toEqual([portal]);
    const text = words(await get('/settings/mapping'));
    expect(text).toContain('Version 2 is stored. What is shown is being computed with it');
    expect(text).toContain('Version 2 Anna Admin, just now book.grace_days is now 45 (was 30)');
    expect(text).toContain('Days a late renewal may take 45 not the house’s');
    expect(words(await get('/activity'))).toContain('changed the mapping (changes 1)');
  });

  it('gives a refused text back with everything that is wrong beside it, and stores nothing', async () => {
    const { version } = editorOf(await get('/settings/mapping'));
    const before = await mappingAt(test.store, portal, test.clock.now());
    const cases = [
      ['{"version": 1,\n "book": </textarea><script>alert(1)</script>', ['This is no JSON']],
      ['{"version": 2, "book": {"grace_days": -1}, "x": 1}', ['version:', 'book.grace_days:', '"x"']],
      ['', ['This is no JSON']],
    ] as const;
    for (const [document, parts] of cases) {
      const page = await post('/settings/mapping', { document, version });
      expect(page.status).toBe(400);
      expect(page.text).toMatch(/aria-describedby="document-hint document-error"\s+aria-invalid="true"/);
      expect(page.text).not.toContain('<script>alert');
      expect(editorOf(page).document.trim()).toBe(document.trim());
      const beside =
        /id="document-error">[\s\S]*?<\/div>/.exec(page.text)?.[0].replaceAll('&quot;', '"') ?? '';
      for (const part of parts) expect(beside).toContain(part);
    }
    expect(await mappingAt(test.store, portal, test.clock.now())).toEqual(before);
  });

  it('does not overwrite what somebody else stored meanwhile, and keeps what was typed', async () => {
    const { document } = editorOf(await get('/settings/mapping'));
    const mine = document.replace('"grace_days": 45', '"grace_days": 60');
    const late = await post('/settings/mapping', { document: mine, version: '1' });
    expect(late.status).toBe(409);
    expect(words(late)).toContain('Somebody else changed the mapping meanwhile.');
    expect(editorOf(late)).toEqual({ document: mine, version: '2' });
    expect((await post('/settings/mapping', editorOf(late))).status).toBe(303);
  });

  it('is read-only while a file rules, and says so, broken or not', async () => {
    const path = join(await temporaryFolder(), 'mapping.json');
    app = createApp({ ...test.web, mappingFile: { portal, path } });
    await writeFile(path, '{"version": 1}');
    const page = await get('/settings/mapping');
    expect(words(page)).toContain(
      `The file ${path} is the mapping (MAPPING_FILE), so it cannot be changed here.`,
    );
    expect(page.text).not.toContain('<textarea');
    const refused = await post('/settings/mapping', { document: '{"version": 1}', version: '3' });
    expect(refused.status).toBe(409);
    expect(words(refused)).toContain('Nothing was stored.');
    await writeFile(path, '{"version": 9}');
    expect(words(await get('/settings/mapping'))).toContain('The file cannot be used at this moment');
    const other = await signedInAs(test, await addPortal(test, 'unruled'), 'admin');
    expect((await get('/settings/mapping', other)).text).toContain('<textarea');
  });

  it('before the first sync says that there is none, and takes one', async () => {
    const fresh = await signedInAs(test, await addPortal(test, 'fresh'), 'admin');
    const page = await get('/settings/mapping', fresh);
    expect(words(page)).toContain('There is no mapping yet.');
    const stored = await post('/settings/mapping', { document: '{"version": 1}', version: '0' }, fresh);
    expect(stored.headers['location']).toBe('/settings/mapping?stored=1');
  });

  it('has words for every field and every rule', () => {
    const { book, contracts, ...parts } = Mapping.parse({ version: 1 });
    const sections = [parts.accounts, contracts.deals, parts.contacts, parts.responses, parts.tickets];
    const fields = [...sections, parts.usage, parts.invoices].flatMap((section) =>
      Object.entries(section).flatMap(([name, value]) => (value === null ? [name] : [])),
    );
    const keys = [
      ...fields.filter((name) => name !== 'object_type').map((name) => `mapping.field.${name}`),
      ...Object.keys(book).map((name) => `mapping.rule.${name}`),
    ];
    expect(keys.filter((key) => !(key in en))).toEqual([]);
  });
});

describe('tokens for usage', () => {
  it('are made, shown once, listed and revoked on the page', async () => {
    const made = await post('/settings/usage', { name: ' Nightly <load> ' });
    const token = /value="(us_[\w-]{43})"/.exec(made.text)?.[1] ?? '';
    expect(words(made)).toContain('A token for Nightly &lt;load&gt;');
    const list = await get('/settings/usage');
    expect(list.text).not.toContain(token);
    expect(words(list)).toContain('Nightly &lt;load&gt; Mar 2, 2026 Anna Admin never');
    const rows = [{ account: '1', day: '2026-03-01', feature: 'x', count: 1 }];
    const send = () => request(app).post('/api/usage').set('Authorization', `Bearer ${token}`).send({ rows });
    expect((await send()).status).toBe(202);
    const tokenId = /name="tokenId" value="([^"]+)"/.exec(list.text)?.[1] ?? '';
    expect((await post('/settings/usage/revoke', { tokenId })).status).toBe(303);
    expect((await send()).status).toBe(401);
    expect(words(await get('/settings/usage'))).toContain('None yet.');
    const again = await post('/settings/usage/revoke', { tokenId });
    expect([again.status, words(again)]).toEqual([404, expect.stringContaining('has been revoked already')]);
  });

  it('need a name', async () => {
    const page = await post('/settings/usage', { name: '  ' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('id="name-error">Say which program it is for.');
  });
});

describe('portals', () => {
  const sessionOf = (response: Response) =>
    /(sid=[^;]+)/.exec(String(response.headers['set-cookie']?.[0]))?.[1] ?? '';
  async function walk(cookie: string, path: string, target: string): Promise<Response> {
    const page = await request(app).get('/settings/portals').set('Cookie', cookie);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    return request(app).post(path).set('Cookie', cookie).type('form').send({ csrf, portal: target });
  }

  it('an admin changes over to an imported one and back, each session in one portal and with one end', async () => {
    const imported = await addPortal(test, 'last-year', 'import');
    const me = await signedInAs(test, portal, 'admin', 'Rosa Roamer');
    expect(words(await get('/settings/portals', me))).toContain(
      'Imported: last-year last-year never Change over',
    );
    const over = await walk(me.cookie, '/settings/portals/switch', 'last-year');
    expect([over.status, over.headers['location']]).toEqual([303, '/']);
    const there = sessionOf(over);
    const home = await request(app).get('/account').set('Cookie', there);
    expect(home.text).toContain('Imported: last-year');
    expect(home.text).toContain('Rosa Roamer');
    expect((await get('/account', me)).status).toBe(401);
    const sessions = await test.store.query<{ portal_id: string; same: boolean }>(
      `select portal_id, expires_at = (select expires_at from holdfast.sessions where id = $2) as same
       from holdfast.sessions where person_id = $1 and ended_at is null`,
      [me.personId, me.sessionId],
    );
    expect(sessions).toEqual([{ portal_id: imported, same: true }]);
    const back = await walk(there, '/settings/portals/switch', portal);
    const again = await request(app).get('/account').set('Cookie', sessionOf(back));
    expect(again.text).toContain('Rosa Roamer');
    expect(again.text).not.toContain('Imported:');
    expect((await request(app).get('/account').set('Cookie', there)).status).toBe(401);
  });

  it('nobody reaches a portal of HubSpot from another one, nor an imported one without being an admin of the first', async () => {
    await addPortal(test, 'private', 'token');
    const imported = await addPortal(test, 'files', 'import');
    for (const target of ['private', 'nowhere', portal, '']) {
      const me = await signedInAs(test, portal, 'admin');
      expect((await walk(me.cookie, '/settings/portals/switch', target)).status, target).toBe(404);
    }
    const inside = await signedInAs(test, imported, 'admin');
    for (const target of [portal, 'private', 'last-year'])
      expect((await post('/settings/portals/switch', { portal: target }, inside)).status, target).toBe(404);
    expect(words(await get('/settings/portals', inside))).not.toContain('Change over');
  });

  it('who is no longer an admin at home is out of the imported portal too', async () => {
    const me = await signedInAs(test, portal, 'admin', 'Leaving Soon');
    const there = sessionOf(await walk(me.cookie, '/settings/portals/switch', 'last-year'));
    expect((await request(app).get('/').set('Cookie', there)).status).toBe(200);
    await test.store.query(`update holdfast.people set role = 'leader' where portal_id = $1 and id = $2`, [
      portal,
      me.personId,
    ]);
    expect((await request(app).get('/account').set('Cookie', there)).status).toBe(401);
  });

  it('an imported portal’s start page waits for no sync and offers none', async () => {
    const inside = await signedInAs(test, await addPortal(test, 'quiet', 'import'), 'admin');
    const page = await get('/', inside);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('http-equiv="refresh"');
    expect(page.text).not.toContain('action="/sync"');
    expect(words(page)).not.toContain('HubSpot has not been read yet');
  });
});
