import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import {
  addPortal,
  openSession,
  openTestWeb,
  signedInAs,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

let test: TestWeb;
let app: Express;
let portal: PortalId;
let admin: TestPerson;
let portals = 0;

beforeAll(async () => {
  test = await openTestWeb();
});
afterAll(() => test.close());
// Each test has a portal of its own, with one admin.
beforeEach(async () => {
  app = createApp(test.web);
  portals += 1;
  portal = await addPortal(test, `portal-${portals}`);
  admin = await signedInAs(test, portal, 'admin', 'Anna Admin');
});

function post(path: string, form: Record<string, string>, who: TestPerson = admin): Promise<Response> {
  return request(app)
    .post(path)
    .set('Cookie', who.cookie)
    .type('form')
    .send({ csrf: who.csrf, ...form });
}

function people(): Promise<Response> {
  return request(app).get('/people').set('Cookie', admin.cookie);
}

function linkIn(page: Response): string {
  return /value="http:\/\/localhost:3000(\/signin\/in_[\w-]{43})"/.exec(page.text)?.[1] ?? '';
}

async function idOf(name: string): Promise<string> {
  const [row] = await test.store.query<{ id: string }>(
    'select id from holdfast.people where portal_id = $1 and name = $2',
    [portal, name],
  );
  return row?.id ?? '';
}

describe('inviting', () => {
  it('shows a link once, which lets that person in', async () => {
    const shown = await post('/people', { name: 'Max', email: 'max@example.com', role: 'manager' });
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('A sign-in link for Max');
    const path = linkIn(shown);
    const preview = await request(app).get(path);
    expect(preview.text).toContain('Welcome, Max');
    expect(preview.text).toContain('as Account manager');
    const list = await people();
    expect(list.text).toContain('max@example.com');
    expect(list.text).not.toContain(path);
  });

  it('comes back with what was typed and the message beside the field', async () => {
    const refused = await post('/people', { name: ' ', email: 'not an address', role: 'manager' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Give a name.');
    expect(refused.text).toContain('Give an e-mail address, or leave it empty.');
    expect(refused.text).toMatch(/id="email"[^>]*value="not an address"/);
    expect(refused.text).toMatch(
      /id="email"[^>]*aria-invalid="true"[^>]*aria-describedby="email-hint email-error"/,
    );
    expect(refused.text).toMatch(/value="manager"\s+checked/);
  });

  it('refuses a role that does not exist', async () => {
    const refused = await post('/people', { name: 'Max', email: '', role: 'owner' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Choose one of the roles.');
    expect(await idOf('Max')).toBe('');
  });

  it('refuses an address that is here already, however it is written', async () => {
    await post('/people', { name: 'Max', email: 'max@example.com', role: 'manager' });
    const refused = await post('/people', { name: 'Other', email: 'MAX@Example.com', role: 'manager' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Somebody with this e-mail address is here already.');
    expect(refused.text).toMatch(/id="name"[^>]*value="Other"/);
  });

  it('shows names as text, wherever they appear', async () => {
    const name = '"><script>alert(1)</script>';
    const shown = await post('/people', { name, email: '', role: 'leader' });
    const list = await people();
    for (const page of [shown, list]) {
      expect(page.text).not.toContain('<script>alert(1)');
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    }
  });
});

it('a new link ends the older one', async () => {
  const first = linkIn(await post('/people', { name: 'Max', email: '', role: 'manager' }));
  const second = linkIn(await post('/people/link', { personId: await idOf('Max') }));
  expect(second).not.toBe(first);
  expect((await request(app).get(first)).status).toBe(409);
  expect((await request(app).get(second)).status).toBe(200);
});

it('another role holds from the next page on', async () => {
  const max = await signedInAs(test, portal, 'manager', 'Max');
  expect((await post('/people/role', { personId: max.personId, role: 'leader' })).status).toBe(303);
  expect((await request(app).get('/account').set('Cookie', max.cookie)).status).toBe(401);
  const again = await openSession(test, portal, max.personId);
  expect((await request(app).get('/account').set('Cookie', again.cookie)).text).toContain(
    'You are signed in as Leader.',
  );
});

it('somebody removed is out at once and off the list, and their link is dead', async () => {
  const link = linkIn(await post('/people', { name: 'Max', email: 'max@example.com', role: 'manager' }));
  const personId = await idOf('Max');
  const max = await openSession(test, portal, personId);
  expect((await post('/people/remove', { personId })).status).toBe(303);
  expect((await request(app).get('/').set('Cookie', max.cookie)).status).toBe(401);
  expect((await request(app).get(link)).status).toBe(409);
  expect((await people()).text).not.toContain('Max');
});

it('the last admin can neither be removed nor become something else', async () => {
  const only = 'This is the only admin. Make somebody else an admin first.';
  for (const [path, form] of [
    ['/people/remove', {}],
    ['/people/role', { role: 'leader' }],
  ] as const) {
    const refused = await post(path, { personId: admin.personId, ...form });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(only);
    expect(refused.text).toContain('role="alert"');
  }
  expect((await people()).status).toBe(200);
  await signedInAs(test, portal, 'admin', 'Second');
  expect((await post('/people/role', { personId: admin.personId, role: 'leader' })).status).toBe(303);
});

it('somebody who is not known is refused on the page itself', async () => {
  for (const path of ['/people/link', '/people/role', '/people/remove']) {
    const unknown = await post(path, { personId: '00000000-0000-4000-8000-000000000000', role: 'leader' });
    expect([unknown.status, unknown.text.includes('This person is not known.')]).toEqual([404, true]);
    const malformed = await post(path, { personId: 'x', role: 'leader' });
    expect([malformed.status, malformed.text.includes('This person is not known.')]).toEqual([400, true]);
  }
});

it('the admin’s own row offers no way to lock oneself out by accident', async () => {
  const { text } = await people();
  expect(text).toContain('Another admin can change this.');
  expect(text).not.toContain('action="/people/remove"');
});

describe('the account', () => {
  it('lists one’s own sessions and ends another one of them', async () => {
    const other = await openSession(test, portal, admin.personId);
    const page = await request(app).get('/account').set('Cookie', admin.cookie);
    expect(page.text.match(/class="session"/g)).toHaveLength(2);
    expect((await post('/account/end', { sessionId: other.sessionId })).status).toBe(303);
    expect((await request(app).get('/account').set('Cookie', other.cookie)).status).toBe(401);
    expect((await request(app).get('/account').set('Cookie', admin.cookie)).status).toBe(200);
  });

  it('does not end somebody else’s session', async () => {
    const max = await signedInAs(test, portal, 'manager', 'Max');
    await post('/account/end', { sessionId: max.sessionId });
    expect((await request(app).get('/account').set('Cookie', max.cookie)).status).toBe(200);
    expect((await post('/account/end', { sessionId: 'x' })).status).toBe(400);
  });

  it('signing out ends this session, takes the cookie away and leaves the others', async () => {
    const other = await openSession(test, portal, admin.personId);
    const out = await post('/account/sign-out', {});
    expect(out.headers['set-cookie']?.[0]).toMatch(/^sid=; Max-Age=0;/);
    expect((await request(app).get('/account').set('Cookie', admin.cookie)).status).toBe(401);
    expect((await request(app).get('/account').set('Cookie', other.cookie)).status).toBe(200);
  });

  it('signing out everywhere ends them all', async () => {
    const other = await openSession(test, portal, admin.personId);
    await post('/account/sign-out-everywhere', {});
    for (const { cookie } of [admin, other]) {
      expect((await request(app).get('/account').set('Cookie', cookie)).status).toBe(401);
    }
  });

  it('names browsers in words a person would use', async () => {
    const agent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1';
    await test.store.query('update holdfast.sessions set device = $2 where id = $1', [
      admin.sessionId,
      agent,
    ]);
    const page = await request(app).get('/account').set('Cookie', admin.cookie);
    expect(page.text).toContain('Safari on iOS');
  });
});
