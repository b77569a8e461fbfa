import { createHmac } from 'node:crypto';
import type { Express } from 'express';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { ROLES, type PortalId, type Role } from '../../src/core/actor.ts';
import { invitePerson } from '../../src/core/people/manage.ts';
import { signIn } from '../../src/core/people/sign-in.ts';
import { hashToken, newToken } from '../../src/core/people/tokens.ts';
import { makeUsageToken } from '../../src/core/usage/tokens.ts';
import { issueNonce } from '../../src/http/nonce.ts';
import { routes } from '../../src/routes.ts';
import { savePortalFacts } from '../../src/store/portals.ts';
import {
  addPortal,
  APP_ID,
  CLIENT_SECRET,
  NOON,
  openSession,
  openTestWeb,
  signedInAs,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

const CANARY = 'Canary Person';
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let test: TestWeb;
let app: Express;
let main: PortalId;
let people: Record<Role, TestPerson>;
let stranger: TestPerson;

beforeAll(async () => {
  test = await openTestWeb();
  main = await addPortal(test, 'main');
  const other = await addPortal(test, 'other');
  const facts = { timeZone: 'Europe/Berlin', currency: 'EUR', uiDomain: 'app.hubspot.com' };
  await savePortalFacts(test.store, main, { ...facts, hubspotPortalId: 111 });
  await savePortalFacts(test.store, other, { ...facts, hubspotPortalId: 222 });
  people = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await signedInAs(test, main, role, CANARY)] as const)),
  ) as Record<Role, TestPerson>; // one for each role, by construction
  stranger = await signedInAs(test, other, 'admin', 'Stranger');
});
afterAll(() => test.close());
// Each test begins with fresh limits.
beforeEach(() => {
  app = createApp(test.web);
});

const closed = routes.filter((route) => route.who === 'signed-in' || Array.isArray(route.who));
const posts = closed.filter((route) => route.method === 'post');
const named = (list: typeof routes) =>
  list.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

type AnyRoute = (typeof routes)[number];

function mayUse(route: AnyRoute): readonly Role[] {
  return route.who === 'signed-in' ? ROLES : Array.isArray(route.who) ? route.who : [];
}

function send(
  route: AnyRoute,
  options: {
    cookie?: string;
    form?: Record<string, string>;
    headers?: Record<string, string>;
    path?: string;
  } = {},
): Promise<Response> {
  const path = options.path ?? route.path;
  const sent = route.method === 'post' ? request(app).post(path).type('form') : request(app).get(path);
  if (options.cookie !== undefined) void sent.set('Cookie', options.cookie);
  return sent.set(options.headers ?? {}).send(route.method === 'post' ? (options.form ?? {}) : undefined);
}

/** A refusal is one sentence, as a page or as JSON, behind the headers of every answer. */
function expectRefusal(response: Response, route: AnyRoute, status: number): void {
  expect(response.status).toBe(status);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(response.headers['content-security-policy']).toContain("default-src 'none'");
  expect(response.headers['set-cookie']).toBeUndefined();
  if (route.answers === 'json') {
    expect(response.body).toEqual({
      ok: false,
      error: { code: expect.any(String), message: expect.stringMatching(/^[A-Z].+\.$/s) },
    });
  } else {
    expect(response.type).toBe('text/html');
    expect(response.text.match(/<h1/g)).toHaveLength(1);
    expect(response.text).toMatch(/<p[^>]*>\s*[A-Z][^<]+(\.|: npx holdfast link)\s*<\/p>/);
    expect(response.text).not.toContain(CANARY);
  }
}

/** What all tables hold, but for when a session was last seen. */
async function everything(portal?: PortalId): Promise<Record<string, string>> {
  const tables = await test.store.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c
     where c.table_schema = 'holdfast' and c.column_name in ('portal_id', 'id') group by 1 order by 1`,
  );
  const contents = tables.map(async ({ name }) => {
    const own = portal === undefined ? '' : `where to_jsonb(t) ->> 'portal_id' = '${portal}'`;
    const [row] = await test.store.query<{ rows: string }>(
      `select coalesce(string_agg((to_jsonb(t) - 'seen_at')::text, ' ' order by to_jsonb(t)::text), '') as rows
       from holdfast.${name} t ${own}`,
    );
    return [name, row?.rows ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

// Written out a second time on purpose: whoever opens an address to more people says so in two places.
it('these are all the addresses, and these may use them', () => {
  const table = Object.fromEntries(
    routes.map((route) => [`${route.method} ${route.path}`, String(route.who)]),
  );
  expect(Object.keys(table)).toHaveLength(routes.length);
  expect(table).toEqual({
    'get /': 'visitor',
    'get /signin/:token': 'visitor',
    'post /signin/:token': 'visitor',
    'get /sync': 'admin,leader,analyst',
    'post /sync': 'admin,leader',
    'get /accounts': 'signed-in',
    'get /accounts.csv': 'signed-in',
    'get /accounts/:id': 'signed-in',
    'get /accounts/:id/contracts.csv': 'signed-in',
    'get /churn': 'admin,leader,analyst',
    'get /churn/lens': 'admin,leader,analyst',
    'get /problems': 'signed-in',
    'get /why': 'signed-in',
    'get /accounts/:id/preview': 'signed-in',
    'get /people': 'admin',
    'post /people': 'admin',
    'post /people/link': 'admin',
    'post /people/role': 'admin',
    'post /people/remove': 'admin',
    'get /account': 'signed-in',
    'post /account/end': 'signed-in',
    'post /account/sign-out': 'signed-in',
    'post /account/sign-out-everywhere': 'signed-in',
    'get /activity': 'admin',
    'get /api/progress': 'signed-in',
    'get /api/health': 'signed-in',
    'get /api/preview/accounts/:id': 'signed-in',
    'get /api/card/ping': 'hubspot',
    'get /api/card/accounts/:companyId': 'hubspot',
    'get /settings/mapping': 'admin,leader,analyst',
    'post /settings/mapping': 'admin',
    'get /settings/usage': 'admin',
    'post /settings/usage': 'admin',
    'post /settings/usage/revoke': 'admin',
    'get /settings/portals': 'admin',
    'post /settings/portals/switch': 'admin',
    'post /api/usage': 'token',
  });
});

describe.each(named(closed))('%s', (_name, route) => {
  it('refuses whoever has no live session', async () => {
    const ended = await openSession(test, main, people.admin.personId);
    await test.store.query('update holdfast.sessions set ended_at = $2 where id = $1', [
      ended.sessionId,
      NOON,
    ]);
    const expired = await openSession(test, main, people.admin.personId);
    await test.store.query('update holdfast.sessions set expires_at = $2 where id = $1', [
      expired.sessionId,
      NOON,
    ]);
    const idle = await openSession(test, main, people.admin.personId);
    const longAgo = new Date(NOON.getTime() - 30 * MINUTE_MS);
    await test.store.query('update holdfast.sessions set seen_at = $2 where id = $1', [
      idle.sessionId,
      longAgo,
    ]);
    const form = { csrf: people.admin.csrf };
    const cookies = [
      undefined,
      'sid=',
      'sid=garbage',
      `sid=${newToken('se')}`,
      'sid=%00%ff',
      `__Host-${people.admin.cookie}`,
    ];
    for (const cookie of [...cookies, ended.cookie, expired.cookie, idle.cookie]) {
      expectRefusal(await send(route, { ...(cookie === undefined ? {} : { cookie }), form }), route, 401);
    }
  });

  it('refuses every role that is not named', async () => {
    for (const role of ROLES.filter((one) => !mayUse(route).includes(one))) {
      const { cookie, csrf } = people[role];
      expectRefusal(await send(route, { cookie, form: { csrf } }), route, 403);
    }
    expect(mayUse(route).length).toBeGreaterThan(0);
  });
});

describe.each(named(posts))('%s', (_name, route) => {
  it('refuses a form that did not come from a page of this session', async () => {
    const before = await everything();
    const role = mayUse(route)[0] ?? 'admin';
    const { cookie, csrf } = people[role];
    for (const form of [{}, { csrf: '' }, { csrf: 'wrong' }, { csrf: `${csrf}x` }, { csrf: stranger.csrf }]) {
      expectRefusal(await send(route, { cookie, form }), route, 403);
    }
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://localhost:3001' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: test.web.settings.publicUrl },
    ];
    for (const headers of foreign) {
      expectRefusal(await send(route, { cookie, form: { csrf }, headers }), route, 403);
    }
    expect(await everything()).toEqual(before);
  });

  it('refuses a value given twice and a body that is no form', async () => {
    const { cookie, csrf } = people[mayUse(route)[0] ?? 'admin'];
    const twice = await request(app)
      .post(route.path)
      .set('Cookie', cookie)
      .type('form')
      .send(`csrf=${csrf}&csrf=${csrf}`);
    expectRefusal(twice, route, 400);
    const json = await request(app).post(route.path).set('Cookie', cookie).send({ csrf });
    expectRefusal(json, route, 400);
    const long = await request(app)
      .post(route.path)
      .set('Cookie', cookie)
      .type('form')
      .send({ csrf, name: 'x'.repeat((route.longestBody ?? 64 * 1024) + 1) });
    expectRefusal(long, route, 413);
  });
});

it('a form of our own page is taken, whether the browser names its origin or hides it', async () => {
  const { cookie, csrf } = people.leader;
  const own: Record<string, string>[] = [
    {},
    { Origin: test.web.settings.publicUrl, 'Sec-Fetch-Site': 'same-origin' },
    { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
  ];
  for (const headers of own) {
    const response = await request(app)
      .post('/sync')
      .set({ Cookie: cookie, ...headers })
      .type('form')
      .send({ csrf });
    expect(response.status).toBe(303);
  }
});

it('another portal’s admin sees and changes nothing of this portal', async () => {
  const before = await everything(main);
  const sessionId = people.leader.sessionId;
  for (const route of closed) {
    const form = {
      csrf: stranger.csrf,
      personId: people.manager.personId,
      role: 'admin',
      sessionId,
      portal: main,
      portalId: main,
    };
    const response = await send(route, { cookie: stranger.cookie, form });
    expect(response.text).not.toContain(CANARY);
    expect(response.text).not.toContain(people.manager.personId);
    if (/people\/(link|role|remove)$/.test(route.path)) expect(response.status).toBe(404);
    if (route.path.startsWith('/account/sign-out'))
      stranger = await openSession(test, stranger.portal, stranger.personId);
  }
  expect(await everything(main)).toEqual(before);
});

describe('sign-in links', () => {
  const showRoute = routes.find((route) => route.path === '/signin/:token' && route.method === 'get');
  const submitRoute = routes.find((route) => route.path === '/signin/:token' && route.method === 'post');

  it('are refused when they are guessed, used, revoked or over, by both methods', async () => {
    if (showRoute === undefined || submitRoute === undefined) throw new Error('the sign-in routes are gone');
    const actor = { portal: main, user: people.admin.personId, role: 'admin', via: 'session' } as const;
    const invite = (name: string) => invitePerson(test.web, actor, { name, email: '', role: 'analyst' });
    const used = await invite('Used');
    await signIn(test.web, used, 'test');
    const [revoked, over] = [await invite('Revoked'), await invite('Over')];
    await test.store.query(
      `update holdfast.links set revoked_at = $1 where person_id = (select id from holdfast.people where name = 'Revoked')`,
      [NOON],
    );
    await test.store.query(
      `update holdfast.links set expires_at = $1 where person_id = (select id from holdfast.people where name = 'Over')`,
      [NOON],
    );
    const before = await everything();
    const cases = [
      ['guess', 404],
      [newToken('in'), 404],
      [people.admin.cookie.slice('sid='.length), 404], // a session's token is no link
      [used, 409],
      [revoked, 409],
      [over, 409],
    ] as const;
    for (const [token, status] of cases) {
      const path = `/signin/${token}`;
      expectRefusal(await send(showRoute, { path }), showRoute, status);
      const nonce = issueNonce(test.web.settings.formKey, token, NOON);
      expectRefusal(await send(submitRoute, { path, form: { nonce } }), submitRoute, status);
    }
    expect(await everything()).toEqual(before);
  });

  it('open nothing without the page’s own button', async () => {
    if (submitRoute === undefined) throw new Error('the sign-in route is gone');
    const actor = { portal: main, user: people.admin.personId, role: 'admin', via: 'session' } as const;
    const token = await invitePerson(test.web, actor, { name: 'Careful', email: '', role: 'analyst' });
    const before = await everything();
    const path = `/signin/${token}`;
    const key = test.web.settings.formKey;
    const bad = [
      '',
      'garbage',
      issueNonce(key, 'another token', NOON),
      issueNonce(Buffer.alloc(32, 8), token, NOON),
      issueNonce(key, token, new Date(NOON.getTime() - HOUR_MS - 1)),
      issueNonce(key, token, new Date(NOON.getTime() + 1)),
    ];
    for (const nonce of bad) {
      expectRefusal(await send(submitRoute, { path, form: { nonce } }), submitRoute, 403);
    }
    const nonce = issueNonce(key, token, NOON);
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      expectRefusal(await send(submitRoute, { path, form: { nonce }, headers }), submitRoute, 403);
    }
    expect(await everything()).toEqual(before);
  });

  it('may be guessed twenty times a minute, then nobody may guess', async () => {
    for (let n = 0; n < 20; n += 1)
      expect((await request(app).get(`/signin/${newToken('su')}`)).status).toBe(404);
    const response = await request(app).get(`/signin/${newToken('su')}`);
    expect(response.status).toBe(429);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });
});

const hubspotRoutes = routes.filter((route) => route.who === 'hubspot');

describe.each(named(hubspotRoutes))('%s', (_name, route) => {
  const query = `?portalId=111&userId=7&userEmail=a%40b.example&appId=${APP_ID}`;

  function signed(
    path: string,
    options: { at?: Date; secret?: string; url?: string } = {},
  ): Record<string, string> {
    const timestamp = String((options.at ?? NOON).getTime());
    const url = options.url ?? test.web.settings.publicUrl + path;
    const text = route.method.toUpperCase() + url + timestamp;
    const signature = createHmac('sha256', options.secret ?? CLIENT_SECRET)
      .update(text)
      .digest('base64');
    return { 'X-HubSpot-Request-Timestamp': timestamp, 'X-HubSpot-Signature-v3': signature };
  }

  it('answers a request that HubSpot signed', async () => {
    const path = route.path + query;
    const response = await send(route, { path, headers: signed(path) });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject(
      route.path === '/api/card/ping'
        ? { ok: true, portal: { hubspotPortalId: '111', currency: 'EUR' } }
        : { ok: false, error: { code: 'not_ready' } }, // the portal is ours, and was never synced
    );
  });

  it('refuses what HubSpot did not sign, or not now', async () => {
    const path = route.path + query;
    const minutes = (n: number) => new Date(NOON.getTime() + n * MINUTE_MS);
    const refused = [
      {},
      { 'X-HubSpot-Signature': 'v1', 'X-HubSpot-Signature-Version': 'v1' },
      { ...signed(path), 'X-HubSpot-Signature-v3': '' },
      { ...signed(path), 'X-HubSpot-Request-Timestamp': '' },
      { ...signed(path), 'X-HubSpot-Request-Timestamp': 'now' },
      signed(path, { secret: 'another secret' }),
      signed(`${path}&more=1`),
      signed(path, { at: minutes(-6) }),
      signed(path, { at: minutes(1) }),
      signed(path, { url: `http://other.example${path}` }),
    ];
    for (const headers of refused) expectRefusal(await send(route, { path, headers }), route, 401);
    const session = { ...signed(path, { secret: 'x' }), Cookie: people.admin.cookie };
    expectRefusal(await send(route, { path, headers: session }), route, 401);
  });

  it('refuses a portal that is not ours, a doubled one and another app', async () => {
    const cases = [
      ['?portalId=333', 404],
      ['?portalId=main', 404],
      ['', 404],
      ['?portalId=111&portalId=222', 400],
      ['?portalId=222&portalId=111', 400],
      ['?portalId=111&userId=1&userId=2', 400],
      ['?portalId=111&appId=1', 403],
    ] as const;
    for (const [text, status] of cases) {
      const path = route.path + text;
      expectRefusal(await send(route, { path, headers: signed(path) }), route, status);
    }
  });

  it('is switched off without the app’s secret', async () => {
    app = createApp({ ...test.web, settings: { ...test.web.settings, hubspotClientSecret: null } });
    const path = route.path + query;
    const response = await send(route, { path, headers: signed(path) });
    expectRefusal(response, route, 503);
    expect(response.body).toMatchObject({
      error: { message: expect.stringContaining('HUBSPOT_CLIENT_SECRET') },
    });
  });
});

describe.each(named(routes.filter((route) => route.who === 'token')))('%s', (_name, route) => {
  const body = { rows: [{ account: '7', day: '2026-03-01', feature: 'export', count: 1 }] };
  const tokenOf = (portal: PortalId) =>
    makeUsageToken(test.web, { portal, user: 'command', role: 'admin', via: 'command' }, { name: 'Loader' });

  function post(authorization: string | null, more: Record<string, string> = {}): Promise<Response> {
    const sent = request(app).post(route.path).set(more);
    if (authorization !== null) void sent.set('Authorization', authorization);
    return sent.send(body);
  }

  it('refuses whoever has no token of a portal, whatever else they have', async () => {
    const revoked = await tokenOf(main);
    const [{ id } = { id: '' }] = await test.store.query<{ id: string }>(
      'update holdfast.usage_tokens set revoked_at = $2 where token_hash = $1 returning id',
      [hashToken(revoked), NOON],
    );
    const before = await everything();
    const session = people.admin.cookie.slice('sid='.length);
    const wrong = [
      null,
      '',
      'Bearer',
      'Bearer us_',
      `Bearer ${newToken('us')}`,
      `Bearer ${newToken('se')}`,
      `Bearer ${session}`,
      `Bearer ${revoked}`,
      `Bearer ${id}`,
      `Basic ${Buffer.from('admin:admin').toString('base64')}`,
    ];
    for (const one of wrong) expectRefusal(await post(one), route, 401);
    expectRefusal(await post(null, { Cookie: people.admin.cookie }), route, 401);
    expect(await everything()).toEqual(before);
  });

  it('takes a token of this portal and writes into no other, whatever the body says', async () => {
    const [ours, theirs] = [await tokenOf(main), await tokenOf(stranger.portal)];
    const before = await everything(main);
    expect((await post(`Bearer ${theirs}`)).status).toBe(202);
    for (const more of [{ portal: 'main' }, { portalId: '111' }, { portal_id: 'main' }]) {
      const named = await request(app)
        .post(`${route.path}?portal=main`)
        .set('Authorization', `Bearer ${theirs}`)
        .send({ ...body, ...more });
      expectRefusal(named, route, 400);
      const inRow = { rows: body.rows.map((row) => ({ ...row, ...more })) };
      const row = await request(app).post(route.path).set('Authorization', `Bearer ${theirs}`).send(inRow);
      expectRefusal(row, route, 400);
    }
    expect(await everything(main)).toEqual(before);
    expect((await post(`Bearer ${ours}`)).status).toBe(202);
    expect(await everything(main)).not.toEqual(before);
  });

  it('reads JSON only, and not more of it than it says', async () => {
    const authorization = `Bearer ${await tokenOf(main)}`;
    const send = (type: string, text: string) =>
      request(app).post(route.path).set({ Authorization: authorization, 'Content-Type': type }).send(text);
    expectRefusal(await send('application/x-www-form-urlencoded', 'rows=1'), route, 400);
    expectRefusal(await send('text/plain', JSON.stringify(body)), route, 400);
    expectRefusal(await send('application/json', '{"rows":'), route, 400);
    const long = JSON.stringify({ ...body, key: 'x'.repeat((route.longestBody ?? 0) + 1) });
    expectRefusal(await send('application/json', long), route, 413);
  });
});

it('no GET and no HEAD changes anything', async () => {
  const actor = { portal: main, user: people.admin.personId, role: 'admin', via: 'session' } as const;
  const token = await invitePerson(test.web, actor, { name: 'Scanned', email: '', role: 'analyst' });
  const before = await everything();
  for (const route of routes.filter((one) => one.method === 'get')) {
    const path = route.path.replace(':token', token);
    for (const cookie of [people.admin.cookie, 'sid=none']) {
      const got = await request(app).get(path).set('Cookie', cookie);
      expect(got.status, path).toBeLessThan(500);
      await request(app).head(path).set('Cookie', cookie);
    }
    await request(app).get(`${path}?asked=1&q=x&role=admin`).set('Cookie', people.admin.cookie);
  }
  expect(await everything()).toEqual(before);
  expect(before['people']).toContain(CANARY);
});

it('what is nowhere is answered with a page, or with JSON under /api', async () => {
  const page = await request(app).get('/nowhere');
  expect([page.status, page.type]).toEqual([404, 'text/html']);
  const json = await request(app).get('/api/nowhere');
  expect([json.status, json.body]).toMatchObject([404, { ok: false, error: { code: 'not_found' } }]);
  expect((await request(app).post('/')).status).toBe(404);
});
