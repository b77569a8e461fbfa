import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { issueSetupLink } from '../../src/core/people/sign-in.ts';
import { addPortal, NOON, openSession, openTestWeb, signedInAs, type TestWeb } from '../support/web.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let test: TestWeb;
let portal: PortalId;
let app: Express;

beforeAll(async () => {
  test = await openTestWeb();
  portal = await addPortal(test, 'main');
});
afterAll(() => test.close());
beforeEach(() => {
  test.clock.set(NOON);
  app = createApp(test.web);
});

function nonceIn(page: Response): string {
  return /name="nonce" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
}

async function press(path: string, cookie = ''): Promise<Response> {
  const nonce = nonceIn(await request(app).get(path));
  return request(app).post(path).set('Cookie', cookie).type('form').send({ nonce });
}

function cookieOf(response: Response): string {
  return String(response.headers['set-cookie']?.[0]).split(';')[0] ?? '';
}

it('a visitor without a session is told kindly how to get in', async () => {
  const response = await request(app).get('/');
  expect(response.status).toBe(401);
  expect(response.text).toContain('npx holdfast link');
  expect(response.text).toContain('Ask your admin');
});

it('a link shows whom it lets in, and its button signs in once', async () => {
  const path = `/signin/${await issueSetupLink(test.web, portal)}`;
  for (let n = 0; n < 3; n += 1) {
    const page = await request(app).get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Welcome, Admin');
    expect(page.headers['set-cookie']).toBeUndefined();
  }
  const signedIn = await press(path);
  expect([signedIn.status, signedIn.headers['location']]).toEqual([303, '/']);
  expect(signedIn.headers['set-cookie']?.[0]).toMatch(
    /^sid=se_[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const start = await request(app).get('/').set('Cookie', cookieOf(signedIn));
  expect(start.status).toBe(200);
  const again = await request(app).get(path);
  expect(again.status).toBe(409);
  expect(again.text).toContain('This sign-in link has been used or is over.');
});

it('over https the cookie is bound to the host and never leaves it unprotected', async () => {
  app = createApp({
    ...test.web,
    settings: { ...test.web.settings, isSecure: true, publicUrl: 'https://holdfast.example' },
  });
  const signedIn = await press(`/signin/${await issueSetupLink(test.web, portal)}`);
  expect(signedIn.headers['set-cookie']?.[0]).toMatch(
    /^__Host-sid=se_[\w-]{43}; .*HttpOnly; Secure; SameSite=Lax$/,
  );
  expect((await request(app).get('/').set('Cookie', cookieOf(signedIn))).status).toBe(200);
});

it('two presses of the button at once open one session', async () => {
  const path = `/signin/${await issueSetupLink(test.web, portal)}`;
  const nonce = nonceIn(await request(app).get(path));
  const both = await Promise.all([1, 2].map(() => request(app).post(path).type('form').send({ nonce })));
  expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([303, 409]);
});

it('a link that is over says how to get a new one', async () => {
  const path = `/signin/${await issueSetupLink(test.web, portal)}`;
  const nonce = nonceIn(await request(app).get(path));
  test.clock.advance(HOUR_MS);
  expect((await request(app).get(path)).status).toBe(409);
  const response = await request(app).post(path).type('form').send({ nonce });
  expect(response.status).toBe(409);
  expect(response.text).toContain('npx holdfast link');
});

it('a page left open for more than an hour asks to be opened again', async () => {
  const actor = await signedInAs(test, portal, 'admin', 'Anna');
  const { invitePerson } = await import('../../src/core/people/manage.ts');
  const by = { portal, user: actor.personId, role: 'admin', via: 'session' } as const;
  const path = `/signin/${await invitePerson(test.web, by, { name: 'Slow', email: '', role: 'analyst' })}`;
  const nonce = nonceIn(await request(app).get(path));
  test.clock.advance(HOUR_MS + 1);
  const response = await request(app).post(path).type('form').send({ nonce });
  expect(response.status).toBe(403);
  expect(response.text).toContain('Open the link again and press the button.');
  expect((await press(path)).status).toBe(303);
});

it('signing in ends the session this browser had before', async () => {
  const before = await signedInAs(test, portal, 'analyst', 'Before');
  const signedIn = await press(`/signin/${await issueSetupLink(test.web, portal)}`, before.cookie);
  expect(signedIn.status).toBe(303);
  expect((await request(app).get('/account').set('Cookie', before.cookie)).status).toBe(401);
  expect((await request(app).get('/account').set('Cookie', cookieOf(signedIn))).status).toBe(200);
});

it('a session ends after thirty minutes without use, and use keeps it for twelve hours at most', async () => {
  const person = await signedInAs(test, portal, 'analyst', 'Idle');
  const status = async (): Promise<number> =>
    (await request(app).get('/account').set('Cookie', person.cookie)).status;
  for (let minutes = 0; minutes + 29 < 12 * 60; minutes += 29) {
    test.clock.advance(29 * MINUTE_MS);
    expect(await status()).toBe(200);
  }
  test.clock.advance(29 * MINUTE_MS);
  expect(await status()).toBe(401);
  test.clock.set(NOON);
  const other = await openSession(test, portal, person.personId);
  test.clock.advance(30 * MINUTE_MS);
  expect((await request(app).get('/account').set('Cookie', other.cookie)).status).toBe(401);
});

it('the name in a link is shown as text', async () => {
  const actor = await signedInAs(test, portal, 'admin', 'Anna');
  const { invitePerson } = await import('../../src/core/people/manage.ts');
  const by = { portal, user: actor.personId, role: 'admin', via: 'session' } as const;
  const token = await invitePerson(test.web, by, {
    name: '<img src=x onerror=alert(1)>',
    email: '',
    role: 'analyst',
  });
  const page = await request(app).get(`/signin/${token}`);
  expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(page.text).not.toContain('<img src=x');
});
