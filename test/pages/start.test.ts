import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import type { SyncResult } from '../../src/core/sync/progress.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { enqueueOutgoing } from '../../src/store/outbox.ts';
import { markSyncFinished, markSyncStarted, saveSyncProgress } from '../../src/store/sync-status.ts';
import { markWorkerAlive } from '../../src/store/workers.ts';
import { progressOf, resultOf, typeResult, typeRow } from '../support/sync-documents.ts';
import {
  addPortal,
  NOON,
  openTestWeb,
  signedInAs,
  startSmallHubSpot,
  syncFrom,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

const HOSTILE = '<script>alert(1)</script> & "Söhne"';
const LONG = `Very${'long'.repeat(60)} GmbH`;
const HOUR_MS = 3_600_000;

let test: TestWeb;
let app: Express;
let filled: PortalId;
let admin: TestPerson;
let fake: FakeHubSpot;

beforeAll(async () => {
  test = await openTestWeb();
  await markWorkerAlive(test.store, 'worker');
  filled = await addPortal(test, 'filled');
  admin = await signedInAs(test, filled, 'admin', 'Anna Admin');
  fake = await startSmallHubSpot(45);
  fake.state.create('companies', { name: HOSTILE, domain: 'hostile.example', lifecyclestage: 'customer' });
  fake.state.create('companies', { name: LONG, lifecyclestage: '"><b>own stage' });
  fake.state.create('companies', { domain: 'nameless.example' });
  // Half an hour before midnight in London is the next day in Berlin, where this portal is.
  const late = fake.state.create('companies', { name: 'Latest & Sons' });
  fake.state.update('companies', late.id, { phone: '1' }, { at: Date.parse('2026-02-10T23:30:00Z') });
  await syncFrom(test, filled, fake);
});
afterAll(async () => {
  await fake.close();
  await test.close();
});
beforeEach(() => {
  test.clock.set(NOON);
  app = createApp(test.web);
});

function get(path: string, who: TestPerson = admin): Promise<Response> {
  return request(app).get(path).set('Cookie', who.cookie);
}

/** What a person reads: without markup, blanks as one. */
function words(page: Response): string {
  const main = /<main[\s\S]*<\/main>/.exec(page.text)?.[0] ?? '';
  return main
    .replaceAll(/<template[\s\S]*?<\/template>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

let portals = 0;
async function freshPortal(mode: 'demo' | 'token' = 'token'): Promise<TestPerson> {
  portals += 1;
  return signedInAs(test, await addPortal(test, `fresh-${portals}`, mode), 'admin', 'Anna Admin');
}

async function finish(portal: PortalId, values: Partial<SyncResult>): Promise<void> {
  const result = resultOf(values);
  await markSyncStarted(test.store, portal, new Date(result.startedAt));
  await markSyncFinished(
    test.store,
    portal,
    new Date(result.finishedAt),
    result,
    result.state === 'complete',
  );
}

describe('before and during the first sync', () => {
  it('says that it is about to start', async () => {
    const person = await freshPortal();
    const page = await get('/', person);
    expect(page.status).toBe(200);
    expect(words(page)).toContain('The first sync starts in a moment');
    expect(page.text).toContain('<noscript><meta http-equiv="refresh" content="5;url=/"');
  });

  it('tells what it is doing, how far each record type is, and why one is left out', async () => {
    const person = await freshPortal();
    await markSyncStarted(test.store, person.portal, new Date(NOON.getTime() - 65_000));
    const reason =
      'The HubSpot app lacks the scope tickets, so tickets cannot be read. Add it to the app in HubSpot and sync again.';
    await saveSyncProgress(
      test.store,
      person.portal,
      progressOf({
        types: [
          typeRow('companies', { state: 'done', done: 1000, total: 1000 }),
          typeRow('contacts', { state: 'running', done: 2310, total: 4620 }),
          typeRow('tickets', { state: 'skipped', reason }),
          typeRow('2-77', { label: 'Product use' }),
        ],
        requests: 131,
      }),
    );
    const page = await get('/', person);
    const text = words(page);
    expect(text).toContain('Reading your HubSpot for the first time');
    expect(text).toContain('Companies 1,000 read done');
    expect(text).toContain('Contacts 2,310 of 4,620 reading');
    expect(text).toContain(`Tickets left out ${reason}`);
    expect(text).toContain('Product use waiting');
    expect(text).toContain('Running for 1:05');
    expect(text).toContain('Records read 3,310');
    // a half of one type, the whole of two, none of the fourth: 0.03 + 0.72 × 2.5 / 4
    expect(text).toContain('48%');
    expect(page.text).toMatch(/<li[^>]*data-phase="records"[^>]*aria-current="step"/);
    const { body } = await get('/api/progress', person);
    expect(body).toMatchObject({ ok: true, state: 'running', phase: 'records', records: 3310, share: 0.48 });
  });

  it('explains a refused token and how to go on', async () => {
    const person = await freshPortal();
    const sentence =
      'HubSpot refused the access token. Make a new one in HubSpot, set HUBSPOT_ACCESS_TOKEN, and start again.';
    await finish(person.portal, { state: 'failed', sentence });
    const text = words(await get('/', person));
    expect(text).toContain('The first sync did not work');
    expect(text).toContain(sentence);
    expect(text).toContain('Try again');
    expect(text).toContain('npx holdfast doctor');
  });

  it('says when a used-up quota lets it go on, in the portal’s time', async () => {
    const person = await freshPortal();
    await test.store.query(`update holdfast.portals set time_zone = 'America/New_York' where id = $1`, [
      person.portal,
    ]);
    await finish(person.portal, {
      state: 'stopped',
      sentence: 'The daily quota is used up.',
      resumesAt: '2026-03-03T05:00:00Z',
    });
    const text = words(await get('/', person));
    expect(text).toContain('The first sync is waiting');
    expect(text).toContain('It goes on after Mar 3, 2026, 12:00 AM.');
    expect(text).toContain('You need do nothing');
  });

  it('files a failure of the warehouse under the warehouse, not under HubSpot', async () => {
    const person = await freshPortal();
    const sentence = 'The disk is full while writing mirror.duckdb. Free space and sync again.';
    await finish(person.portal, { state: 'failed', failedAt: 'warehouse', sentence });
    const text = words(await get('/', person));
    expect(text).toContain(`Warehouse needs attention ${sentence}`);
    expect(text).toContain('HubSpot waiting The last sync ended before it was through with HubSpot');
    expect(text).not.toContain('HubSpot needs attention');
  });

  it('tells a person who may not start one whom to ask', async () => {
    const person = await freshPortal();
    await finish(person.portal, { state: 'failed', sentence: 'It failed.' });
    const analyst = await signedInAs(test, person.portal, 'analyst', 'Ann Analyst');
    const page = await get('/', analyst);
    expect(page.text).not.toContain('action="/sync"');
    expect(words(page)).toContain('Ask your admin or a leader to start it again.');
  });

  it('a progress document of another version does not break the page', async () => {
    const person = await freshPortal();
    await markSyncStarted(test.store, person.portal, NOON);
    await saveSyncProgress(test.store, person.portal, { phase: 'dancing' });
    expect(words(await get('/', person))).toContain('Companies waiting');
  });
});

describe('with data', () => {
  it('shows what there is: counts, companies, age and health', async () => {
    test.clock.advance(3 * 60_000);
    const page = await get('/');
    const text = words(page);
    expect(text).toContain('49 companies from HubSpot');
    expect(text).toMatch(/and [\d,]{3,} records that tell what happened with them\. Read 3 minutes ago/);
    expect(text).toContain('Product use');
    expect(text).toContain('The last sync brought everything that HubSpot lets us read.');
    expect(text).toContain('Worker well The worker is alive.');
    expect(text).toContain('Page 1 of 3');
    expect(page.text).toContain(
      `<time datetime="${NOON.toISOString()}" title="Mar 2, 2026, 1:00 PM" data-ago`,
    );
    expect(page.text).not.toContain('http-equiv="refresh"');
  });

  it('shows whatever HubSpot holds as text', async () => {
    const page = await get(`/?q=${encodeURIComponent('alert(1)')}`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;');
    const long = await get('/?q=verylong');
    expect(long.text).toContain(LONG);
    expect(long.text).toContain('&quot;&gt;&lt;b&gt;own stage');
    const search = await get(`/?q=${encodeURIComponent('"><svg onload=alert(1)>')}`);
    expect(search.text).not.toContain('<svg onload');
    expect(words(search)).toContain('No company has “&quot;&gt;&lt;svg onload=alert(1)&gt;”');
  });

  it('finds companies by name, domain or owner, and says when there is none', async () => {
    expect(words(await get('/?q=LATEST'))).toContain('1 company for “LATEST”');
    expect(words(await get('/?q=nameless.example'))).toMatch(/No name \d+ in HubSpot nameless\.example/);
    const text = words(await get('/'));
    const owner = /(\w+ \w+) Customer/.exec(text)?.[1] ?? '';
    expect(words(await get(`/?q=${encodeURIComponent(owner)}`))).toMatch(/\d+ compan(y|ies) for/);
    expect(words(await get('/?q=nothing-like-it'))).toContain('No company has “nothing-like-it” in its name');
  });

  it('keeps search and order on the way through the pages', async () => {
    const first = await get('/?q=e&sort=updated');
    expect(first.text).toContain('aria-sort="descending"');
    expect(first.text).toContain('href="/?q=e&amp;sort=updated&amp;page=2#companies"');
    const second = await get('/?q=e&sort=updated&page=2');
    expect(second.text).toContain('href="/?q=e&amp;sort=updated#companies"');
    expect(words(second)).toContain('Page 2 of');
  });

  it('every company is on exactly one page, whatever the order', async () => {
    for (const sort of ['name', 'owner', 'stage', 'updated']) {
      const pages = await Promise.all([1, 2, 3].map((page) => get(`/?sort=${sort}&page=${page}`)));
      const domains = pages.flatMap((page) =>
        [...page.text.matchAll(/class="domain">([^<]+)</g)].map((match) => match[1]),
      );
      const rows = pages.flatMap((page) => [...page.text.matchAll(/class="company"/g)]);
      expect(rows, sort).toHaveLength(49);
      expect(new Set(domains).size, sort).toBe(domains.length);
    }
  });

  it('reads nonsense in the address as the first page by name', async () => {
    for (const query of ['page=99', 'page=-1', 'page=x', 'sort=drop', `q=${'x'.repeat(200)}`]) {
      const text = words(await get(`/?${query}`));
      expect(text, query).toContain('Page 1 of 3');
    }
  });

  it('writes days as they are in the portal’s time zone', async () => {
    const page = await get('/?q=latest');
    expect(page.text).toMatch(
      /<time datetime="2026-02-10T23:30:00.000Z" title="Feb 11, 2026, 12:30 AM"\s*>Feb 11, 2026</,
    );
  });

  it('links companies to a real HubSpot, and only to HubSpot', async () => {
    const setDomain = (domain: string): Promise<object[]> =>
      test.store.query('update holdfast.portals set ui_domain = $2 where id = $1', [filled, domain]);
    await setDomain('app-eu1.hubspot.com');
    expect((await get('/?q=latest')).text).toMatch(
      /href="https:\/\/app-eu1\.hubspot\.com\/contacts\/\d+\/record\/0-2\/\d+"/,
    );
    for (const domain of ['evil.example', 'app.hubspot.com.evil.example', 'a"b.hubspot.com']) {
      await setDomain(domain);
      expect((await get('/?q=latest')).text).not.toContain('/record/');
    }
    await setDomain('app.hubspot.com');
  });

  it('says so when the data are old', async () => {
    expect(words(await get('/'))).not.toContain('older than it should be');
    test.clock.advance(26 * HOUR_MS);
    const old = await signedInAs(test, filled, 'analyst', 'Old Analyst');
    const text = words(await get('/', old));
    expect(text).toContain('Read yesterday');
    expect(text).toContain('This is older than it should be.');
  });

  it('says why the last sync is not complete, above the list and in its place', async () => {
    const kept = await test.store.query<{ result: unknown }>(
      'select result from holdfast.sync_status where portal_id = $1',
      [filled],
    );
    const types = [
      typeResult('tickets', { state: 'skipped', reason: 'The scope tickets is missing.' }),
      typeResult('deals', { compared: 1200, swept: true, changed: 2 }),
    ];
    await finish(filled, { state: 'failed', sentence: 'HubSpot did not answer.', types });
    const text = words(await get('/'));
    expect(text).toContain('HubSpot: HubSpot did not answer.');
    expect(text).toContain('The last sync failed. HubSpot did not answer.');
    expect(text).toContain('1,200 records read again and compared, 2 changes, 3 requests to HubSpot');
    expect(text).toContain('1 record type was left out Tickets The scope tickets is missing.');
    expect(text).toContain('49 companies from HubSpot');
    await test.store.query('update holdfast.sync_status set result = $2::jsonb where portal_id = $1', [
      filled,
      JSON.stringify(kept[0]?.result),
    ]);
  });

  it('says that the clock of the computer is not HubSpot’s, and what to do', async () => {
    await finish(filled, { clockAheadSeconds: 420 });
    expect(words(await get('/'))).toContain(
      'Clock: At the last sync the clock of this computer was 7 minutes ahead of HubSpot’s, so that what HubSpot’s card asks for is refused: set it by a time server (NTP).',
    );
    await finish(filled, { clockAheadSeconds: 20 });
    expect(words(await get('/'))).not.toContain('the clock of this computer');
  });

  it('says when the worker has fallen silent', async () => {
    await test.store.query(`update holdfast.workers set alive_at = now() - interval '3 minutes'`);
    expect(words(await get('/'))).toMatch(
      /Worker: The worker has been silent for 18\d seconds\. Look at its log;/,
    );
    await markWorkerAlive(test.store, 'worker');
  });

  it('keeps showing the data while another sync runs, with its progress above', async () => {
    await markSyncStarted(test.store, filled, new Date(NOON.getTime() + 1000));
    const text = words(await get('/'));
    expect(text).toContain('A sync is running');
    expect(text).toContain('49 companies from HubSpot');
    expect(text).not.toContain('Sync now');
    await finish(filled, {
      startedAt: new Date(NOON.getTime() + 1000).toISOString(),
      finishedAt: new Date(NOON.getTime() + 2000).toISOString(),
    });
  });

  it('asks for a sync and says so; twice does no harm', async () => {
    const before = test.asked.length;
    for (let n = 0; n < 2; n += 1) {
      const asked = await request(app)
        .post('/sync')
        .set('Cookie', admin.cookie)
        .type('form')
        .send({ csrf: admin.csrf });
      expect([asked.status, asked.headers['location']]).toEqual([303, '/?asked=1']);
    }
    expect(test.asked.slice(before)).toEqual([filled, filled]);
    expect(words(await get('/?asked=1'))).toContain('A sync was asked for. It starts in a moment.');
  });

  it('offers a person only what their role may do', async () => {
    const analyst = await signedInAs(test, filled, 'analyst', 'Ann Analyst');
    const leader = await signedInAs(test, filled, 'leader', 'Lea Leader');
    const [asAnalyst, asLeader] = [await get('/', analyst), await get('/', leader)];
    expect(asAnalyst.text).not.toContain('action="/sync"');
    expect(asLeader.text).toContain('action="/sync"');
    for (const page of [asAnalyst, asLeader]) expect(page.text).not.toMatch(/href="\/(people|activity)"/);
  });
});

describe('banners', () => {
  it('safe mode says that nothing leaves and how much was held back', async () => {
    expect(words(await get('/'))).toContain(
      'Safe mode is on. Nothing is sent to a customer and nothing is written to HubSpot. So far there was nothing to hold back.',
    );
    const actor = { portal: filled, user: admin.personId, role: 'admin', via: 'session' } as const;
    await enqueueOutgoing(
      test.store,
      actor,
      NOON,
      {
        kind: 'hubspot_note',
        target: 'companies/1',
        payload: { body: '<b>Call</b> them' },
        idempotencyKey: 'k',
      },
      { safeMode: true },
    );
    expect(words(await get('/'))).toContain('1 action was held back.');
    const activity = await get('/activity');
    expect(words(activity)).toContain('Write a note in HubSpot');
    expect(words(activity)).toContain('would have');
    expect(activity.text).toContain('&lt;b&gt;Call&lt;/b&gt; them');
    app = createApp({ ...test.web, settings: { ...test.web.settings, safeMode: false } });
    expect(words(await get('/'))).toContain('Safe mode is off.');
  });

  it('the demo portal says that its companies are invented and how to read one’s own', async () => {
    const person = await freshPortal('demo');
    const text = words(await get('/', person));
    expect(text).toContain('These companies are invented.');
    expect(text).toContain('HUBSPOT_ACCESS_TOKEN');
    expect(words(await get('/'))).not.toContain('invented');
  });
});

it('a portal without companies says so instead of showing an empty list', async () => {
  const person = await freshPortal();
  const empty = await startFakeHubSpot({ source: memorySource() });
  await syncFrom(test, person.portal, empty);
  await empty.close();
  const page = await get('/', person);
  expect(words(page)).toContain('This portal has no companies yet');
  expect(page.text).not.toContain('<table');
});

it('when the published file is gone the page says so, offers a sync, and shows the data again after it', async () => {
  const person = await freshPortal();
  const small = await startSmallHubSpot(5, 555);
  await syncFrom(test, person.portal, small);
  await rm(join(test.dataDir, 'warehouse', person.portal), { recursive: true });
  const text = words(await get('/', person));
  expect(text).toContain('The data cannot be shown');
  expect(text).toContain('Sync now to publish');
  expect(text).toContain('Data needs attention');
  expect(text).not.toContain('Waiting for the sync');
  test.clock.advance(1000);
  await syncFrom(test, person.portal, small);
  await small.close();
  expect(words(await get('/', person))).toContain('5 companies from HubSpot');
});

it('the trail shows who did what, in words', async () => {
  const person = await freshPortal();
  await request(app)
    .post('/people')
    .set('Cookie', person.cookie)
    .type('form')
    .send({ csrf: person.csrf, name: 'Max', email: '', role: 'leader' });
  const text = words(await get('/activity', person));
  expect(text).toContain('just now Anna Admin invited somebody (role leader)');
  expect(text).toContain('Nothing yet. When Holdfast wants to write to HubSpot');
});
