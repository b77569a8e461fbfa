import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import type { FakeReply } from '../../src/demo/fake/types.ts';
import { judge, quotaResumes } from '../../src/hubspot/failures.ts';
import { createTokens } from '../../src/hubspot/tokens.ts';
import { freePort } from '../support/product.ts';
import { failureOf, openClient, type Opened } from './open-client.ts';

const PORTAL = { objects: { companies: [{ id: '101', properties: { name: 'First' } }] } };
const COMPANIES = { objectType: 'companies', properties: ['name'] };

describe('a missing scope', () => {
  it.each([0, 1, 2] as const)(
    "is named, in whichever of HubSpot's three texts it comes: %i",
    async (text) => {
      const { fake, hubspot } = await openClient(PORTAL);
      fake.faults.missingScopes.set('crm.objects.companies.read', text);
      expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({
        code: 'forbidden',
        message:
          'The HubSpot app lacks the scope crm.objects.companies.read, so companies cannot be read. Add it to the app in HubSpot and sync again.',
        details: { scopes: 'crm.objects.companies.read' },
      });
      expect(hubspot.usage().requests).toBe(1);
    },
  );

  it('that HubSpot does not name is still a sentence, with its own words', async () => {
    const { fake, hubspot } = await openClient(PORTAL);
    const body = { message: 'The user has no access to this account.', category: 'BANNED' };
    fake.faults.rules = [{ fault: { do: 'reply', reply: { status: 403, body } } }];
    expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({
      code: 'forbidden',
      message: 'HubSpot does not let this app read companies: The user has no access to this account.',
      details: { scopes: '' },
    });
  });
});

describe('the daily quota', () => {
  it('stops at once and says when it goes on: at the midnight of the account', async () => {
    const { fake, hubspot } = await openClient(PORTAL, { limits: { daily: 2 } });
    await hubspot.accountInfo();
    await hubspot.list(COMPANIES);
    expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({
      code: 'too_many',
      message: expect.stringContaining('goes on after 2026-03-01T23:00:00Z'),
      details: { resumesAt: '2026-03-01T23:00:00Z' },
    });
    expect(fake.log).toHaveLength(3);
  });

  it('goes on at that moment', async () => {
    const { clock, hubspot } = await openClient(PORTAL, { limits: { daily: 1 } });
    await hubspot.accountInfo();
    const error = await failureOf(hubspot.list(COMPANIES));
    const resumesAt = error instanceof AppError ? String(error.details['resumesAt']) : '';
    await clock.sleep(Date.parse(resumesAt) - clock.now().getTime());
    expect((await hubspot.list(COMPANIES)).results).toHaveLength(1);
  });

  it('stops everything else too: what is under way ends, and nothing new starts', async () => {
    const { fake, hubspot, clock } = await openClient(PORTAL, { limits: { daily: 21 } });
    await hubspot.accountInfo();
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => hubspot.list(COMPANIES)));
    const errors = outcomes.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    expect(errors).toHaveLength(40);
    for (const error of errors) expect(error).toMatchObject({ code: 'too_many' });
    const firstRefused = fake.log.findIndex(({ status }) => status === 429);
    expect([firstRefused, fake.log.length <= firstRefused + 8]).toEqual([21, true]);
    const made = fake.log.length;
    await clock.sleep(3_600_000);
    for (const ask of [() => hubspot.list(COMPANIES), () => hubspot.accountInfo()])
      expect(await failureOf(ask())).toMatchObject({
        code: 'too_many',
        details: { resumesAt: '2026-03-01T23:00:00Z' },
      });
    expect(fake.log).toHaveLength(made);
  });

  it('of one portal stops no other one', async () => {
    const used = await openClient(PORTAL, { limits: { daily: 0 } });
    const other = await openClient(PORTAL);
    expect(await failureOf(used.hubspot.accountInfo())).toMatchObject({ code: 'too_many' });
    expect((await other.hubspot.list(COMPANIES)).results).toHaveLength(1);
  });

  it('is not used to its last fifth, with eight requests under way', async () => {
    const { fake, hubspot, clock } = await openClient(PORTAL, { limits: { daily: 100 }, reserve: 20 });
    await hubspot.accountInfo();
    const outcomes = await Promise.allSettled(Array.from({ length: 150 }, () => hubspot.list(COMPANIES)));
    expect(fake.log.every(({ status }) => status === 200)).toBe(true);
    expect(fake.log.length).toBeLessThanOrEqual(80);
    expect(fake.log.length).toBeGreaterThanOrEqual(72);
    expect(outcomes.at(-1)).toMatchObject({
      reason: {
        code: 'too_many',
        message: expect.stringMatching(/^Only the last 20 % .* goes on after 2026-03-01T23:00:00Z\.$/),
        details: { resumesAt: '2026-03-01T23:00:00Z' },
      },
    });
    await clock.sleep(11 * 3_600_000);
    expect((await hubspot.list(COMPANIES)).results).toHaveLength(1);
  });

  it('of yesterday, in an answer that was under way at midnight, stops nothing today', async () => {
    const { fake, hubspot, clock } = await openClient(PORTAL, {
      now: new Date('2026-03-01T22:59:59Z'),
      limits: { daily: 2 },
      reserve: 20,
      auto: false,
    });
    await hubspot.accountInfo(); // tells the time zone
    fake.faults.betweenRequests = () => void clock.advance(2000);
    await hubspot.list(COMPANIES); // leaves nothing of yesterday
    fake.faults.betweenRequests = null;
    await hubspot.list(COMPANIES);
    expect(hubspot.usage().dailyRemaining).toBe(1);
  });

  it('uses the time zone it was told when the very first request is refused', async () => {
    const { hubspot } = await openClient(PORTAL, {
      limits: { daily: 0 },
      client: { timeZone: 'Asia/Tokyo' },
    });
    expect(await failureOf(hubspot.accountInfo())).toMatchObject({
      details: { resumesAt: '2026-03-01T15:00:00Z' },
    });
  });

  it.each([
    ['an ordinary day', 'Europe/Berlin', '2026-06-10T12:00:00Z', '2026-06-10T22:00:00Z'],
    [
      'the evening before the clocks go forward',
      'Europe/Berlin',
      '2026-03-28T22:30:00Z',
      '2026-03-28T23:00:00Z',
    ],
    ['the day of 23 hours', 'Europe/Berlin', '2026-03-28T23:30:00Z', '2026-03-29T22:00:00Z'],
    ['the day of 25 hours', 'Europe/Berlin', '2026-10-24T22:10:00Z', '2026-10-25T23:00:00Z'],
    ['the hour that comes twice', 'US/Eastern', '2026-11-01T05:30:00Z', '2026-11-02T05:00:00Z'],
    ['a day that begins at one', 'America/Havana', '2026-03-07T20:00:00Z', '2026-03-08T05:00:00Z'],
    ['half an hour beside the others', 'Asia/Kolkata', '2026-01-01T18:29:59Z', '2026-01-01T18:30:00Z'],
    ['far in the east', 'Pacific/Kiritimati', '2026-01-01T10:10:00Z', '2026-01-02T10:00:00Z'],
    [
      'a refusal that may be about yesterday',
      'Europe/Berlin',
      '2026-06-09T22:00:02Z',
      '2026-06-09T22:10:00Z',
    ],
    ['the last moment of a day', 'Europe/Berlin', '2026-06-10T21:59:59Z', '2026-06-10T22:00:00Z'],
  ])('resumes at the next midnight: %s', async (_, timeZone, now, expected) => {
    const source = { ...memorySource(PORTAL), timeZone };
    const { hubspot } = await openClient(source, { now: new Date(now), limits: { daily: 1 } });
    await hubspot.accountInfo();
    expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({ details: { resumesAt: expected } });
  });

  it('resumes always later than now and at most 25 hours later', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'US/Pacific',
      'America/Havana',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ];
    const from = Date.parse('2026-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 730 * 86_400 }), (zone, seconds) => {
        const now = new Date(from + seconds * 1000);
        const wait = Date.parse(quotaResumes(now, zone)) - now.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(25 * 3_600_000);
        const before = new Date(now.getTime() + wait - 1000);
        const day = (at: Date): string => at.toLocaleDateString('en-CA', { timeZone: zone });
        expect(day(before)).toBe(day(now));
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('a token that HubSpot refuses', () => {
  async function withTokens(...tokens: string[]): Promise<Opened & { asked: () => number }> {
    let asked = 0;
    const opened = await openClient(PORTAL, {
      client: { accessToken: () => Promise.resolve(tokens[Math.min(asked++, tokens.length - 1)] ?? '') },
    });
    return { ...opened, asked: () => asked };
  }

  // As a source of OAuth tokens does it: a refresh five minutes before the end, or when HubSpot refused the token.
  async function withExpiringTokens() {
    const { fake, clock } = await openClient(PORTAL);
    const { clientId, clientSecret } = fake.oauth;
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: 'fake-refresh',
    });
    const Given = z.object({ access_token: z.string(), expires_in: z.number() });
    let token = '';
    let freshUntil = 0;
    let atOnce = 0;
    const source = { clock, refreshes: 0, mostAtOnce: 0, expireAll: () => fake.oauth.expireAll() };
    const accessToken = async (refused?: string): Promise<string> => {
      if (token !== '' && token !== refused && clock.now().getTime() < freshUntil) return token;
      atOnce += 1;
      source.mostAtOnce = Math.max(source.mostAtOnce, atOnce);
      await new Promise(setImmediate);
      const given = Given.parse(fake.oauth.token(form).body);
      source.refreshes += 1;
      atOnce -= 1;
      token = given.access_token;
      freshUntil = clock.now().getTime() + (given.expires_in - 300) * 1000;
      return token;
    };
    const { hubspot } = await openClient(PORTAL, { client: { apiUrl: fake.url, accessToken, clock } });
    return { opened: hubspot, source };
  }

  it('is asked for again, and a newer one goes on', async () => {
    const { hubspot, asked, fake } = await withTokens('stale', 'demo-token');
    expect((await hubspot.list(COMPANIES)).results).toHaveLength(1);
    expect([asked(), fake.log.map((entry) => entry.status)]).toEqual([2, [401, 200]]);
  });

  it('is a sentence when there is no newer one', async () => {
    const { hubspot, asked } = await withTokens('stale');
    expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({
      code: 'unauthenticated',
      message:
        'HubSpot refused the access token. Make a new one in HubSpot, set HUBSPOT_ACCESS_TOKEN, and start again.',
    });
    expect([asked(), hubspot.usage().requests]).toEqual([2, 1]);
  });

  it('is asked for once more and not again and again', async () => {
    const { hubspot, asked } = await withTokens('stale', 'staler', 'stalest', 'demo-token');
    expect(await failureOf(hubspot.list(COMPANIES))).toMatchObject({ code: 'unauthenticated' });
    expect([asked(), hubspot.usage().requests]).toEqual([2, 2]);
  });

  it('after half an hour is fetched anew in the middle of a long run', async () => {
    const opened = await openClient(PORTAL);
    const { fake, clock } = opened;
    const { clientId, clientSecret } = fake.oauth;
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: 'fake-refresh',
    });
    let token = '';
    const { hubspot } = await openClient(PORTAL, {
      client: {
        apiUrl: fake.url,
        accessToken: () => {
          if (token === '' || !fake.oauth.accepts(`Bearer ${token}`))
            token = (fake.oauth.token(form).body as { access_token: string }).access_token;
          return Promise.resolve(token);
        },
      },
    });
    for (let minute = 0; minute < 75; minute += 5) {
      await hubspot.list(COMPANIES);
      await clock.sleep(5 * 60_000);
    }
    expect(fake.oauth.issued()).toBe(3);
  });

  it('is asked for once, however many want it at the same moment', async () => {
    const { opened, source } = await withExpiringTokens();
    await Promise.all(Array.from({ length: 8 }, () => opened.list(COMPANIES)));
    expect(source.refreshes).toBe(1);
    await source.clock.sleep(31 * 60_000);
    await Promise.all(Array.from({ length: 8 }, () => opened.list(COMPANIES)));
    expect([source.refreshes, source.mostAtOnce]).toEqual([2, 1]);
  });

  it('that ends early is refreshed once by eight who are refused together', async () => {
    const { opened, source } = await withExpiringTokens();
    await opened.list(COMPANIES);
    source.expireAll();
    const pages = await Promise.all(Array.from({ length: 8 }, () => opened.list(COMPANIES)));
    expect(pages.every(({ results }) => results.length === 1)).toBe(true);
    expect([source.refreshes, source.mostAtOnce]).toEqual([2, 1]);
  });

  it('that was asked for before the refusal is asked for again', async () => {
    const later = Promise.withResolvers<string>();
    const asked: (string | undefined)[] = [];
    const tokens = createTokens((refused) => {
      asked.push(refused);
      return asked.length === 1 ? later.promise : Promise.resolve('demo-token');
    });
    const current = tokens.current();
    const after = tokens.after('stale');
    later.resolve('stale');
    expect([await current, await after, asked]).toEqual(['stale', 'demo-token', [undefined, 'stale']]);
  });

  it.each(['', 'with a\nline break', 'with a ünlaut'])(
    'that cannot be sent is refused before it is quoted: %j',
    async (token) => {
      const { hubspot } = await openClient(PORTAL, { client: { accessToken: () => Promise.resolve(token) } });
      const error = await failureOf(hubspot.accountInfo());
      expect(error).toMatchObject({ code: 'unauthenticated' });
      if (token !== '') expect(String(error)).not.toContain(token);
    },
  );
});

describe('the token', () => {
  const TOKEN = 'pat-eu1-11111111-2222-3333-4444-555555555555';
  const told = (status: number, body: unknown): FakeReply => ({ status, body });

  it.each<[string, FakeReply | 'reset' | 'cut' | 'refused connection']>([
    ['a 400 that repeats it', told(400, { message: `Bad request with Bearer ${TOKEN}` })],
    [
      'a 403 that repeats it',
      told(403, { message: `This oauth-token (${TOKEN}) does not have proper permissions!` }),
    ],
    [
      'a 403 that repeats the beginning of it',
      told(403, { message: `This oauth-token (${TOKEN.slice(0, 20)}...) does not have proper permissions!` }),
    ],
    ['a 401', told(401, { message: `Token ${TOKEN} is unknown` })],
    ['a 503 that repeats it', told(503, `<html>${TOKEN}</html>`)],
    ['an answer of another form', told(200, { results: TOKEN })],
    ['a reset', 'reset'],
    ['a cut body', 'cut'],
    ['a refused connection', 'refused connection'],
  ])('stands in no error and in no line of the log: %s', async (_, what) => {
    const apiUrl = what === 'refused connection' ? { apiUrl: `http://127.0.0.1:${await freePort()}` } : {};
    const { fake, hubspot, lines } = await openClient(PORTAL, {
      client: { accessToken: () => Promise.resolve(TOKEN), ...apiUrl },
    });
    if (typeof what === 'object') fake.faults.rules = [{ fault: { do: 'reply', reply: what } }];
    else if (what !== 'refused connection') fake.faults.rules = [{ fault: { do: what } }];
    const error = await failureOf(hubspot.list(COMPANIES));
    expect(error).toBeInstanceOf(AppError);
    const said = [
      String(error),
      JSON.stringify(error),
      error instanceof Error ? `${error.stack} ${String(error.cause)}` : '',
      ...lines,
    ].join('\n');
    expect(said).not.toContain(TOKEN.slice(0, 12));
  });
});

it('judges a body in no form it knows by its status alone', () => {
  const answer = (status: number, text: string): Parameters<typeof judge>[0] => ({
    status,
    headers: new Headers(),
    text,
  });
  const now = new Date('2026-03-01T12:00:00Z');
  for (const text of [
    '',
    'null',
    '[]',
    '"x"',
    '{"errors":{"a":1},"message":5,"retry_after":"soon"}',
    '<html>',
  ]) {
    expect(judge(answer(429, text), 'deals', now, 'UTC')).toMatchObject({
      kind: 'retry',
      afterMs: 5000,
      rate: 'general',
    });
    expect(judge(answer(403, text), 'deals', now, 'UTC')).toMatchObject({
      kind: 'refuse',
      error: { code: 'forbidden' },
    });
    expect(judge(answer(500, text), 'deals', now, 'UTC')).toMatchObject({ kind: 'retry', afterMs: null });
    expect(judge(answer(418, text), 'deals', now, 'UTC')).toMatchObject({
      kind: 'refuse',
      error: { code: 'upstream' },
    });
  }
});
