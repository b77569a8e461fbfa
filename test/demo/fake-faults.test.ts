import { describe, expect, it } from 'vitest';
import { htmlPage, missingScope } from '../../src/demo/fake/replies.ts';
import type { MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import type { Fault } from '../../src/demo/fake/types.ts';
import {
  answered,
  clientFor,
  DAY_MS,
  idsOf,
  nextOf,
  openFake,
  type Answered,
  type Asker,
} from './fake-client.ts';

const COMPANIES = '/crm/objects/2026-09/companies';
const PORTAL: MemoryPortal = {
  objects: {
    companies: ['101', '102', '103', '104'].map((id) => ({ id, properties: { name: `Company ${id}` } })),
  },
};

async function withFault(fault: Fault): Promise<Asker> {
  const asker = await openFake(PORTAL);
  asker.fake.faults.rules = [{ fault, times: 1 }];
  return asker;
}

describe('a rule', () => {
  it('is used as often as it says, for the requests it says, and the first that fits counts', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.rules = [
      {
        fault: { do: 'reply', reply: { status: 500 } },
        times: 2,
        match: ({ path }) => path.endsWith('companies'),
      },
      { fault: { do: 'reply', reply: { status: 503 } }, times: 1 },
    ];
    const statuses: number[] = [];
    for (const path of [COMPANIES, '/account-info/2026-09/details', COMPANIES, COMPANIES])
      statuses.push((await ask('GET', path)).status);
    expect(statuses).toEqual([500, 503, 500, 200]);
    expect(fake.log.map((entry) => entry.status)).toEqual([500, 503, 500, 200]);
  });

  it('answers an error page of the network in front of HubSpot', async () => {
    const { ask } = await withFault({ do: 'reply', reply: htmlPage(520) });
    const { status, headers, text } = await ask('GET', COMPANIES);
    expect([status, headers.get('content-type'), text]).toEqual([
      520,
      'text/html; charset=UTF-8',
      expect.stringContaining('<html>'),
    ]);
  });

  it('closes the connection, though what was asked is done', async () => {
    const { ask, fake } = await withFault({ do: 'reset' });
    const lost = ask('POST', COMPANIES, { body: { properties: { name: 'Fifth' } } });
    await expect(lost).rejects.toThrow('fetch failed');
    expect([...fake.state.all('companies')]).toHaveLength(5);
    expect(fake.log.at(-1)).toMatchObject({ method: 'POST', status: 0 });
  });

  it('cuts the body off in the middle', async () => {
    const { ask } = await withFault({ do: 'cut' });
    await expect(ask('GET', COMPANIES)).rejects.toThrow('terminated');
  });

  it('hangs without a word', async () => {
    const { fake } = await withFault({ do: 'hang' });
    const asked = fetch(`${fake.url}${COMPANIES}`, { signal: AbortSignal.timeout(150) });
    await expect(asked).rejects.toThrow('timeout');
    await expect.poll(() => fake.log).toHaveLength(1);
  });

  it('trickles the true body byte by byte', async () => {
    const { fake } = await withFault({ do: 'trickle', msPerByte: 5 });
    const response = await clientFor(fake, fake.oauth.staticToken).apiRequest({
      method: 'GET',
      path: COMPANIES,
    });
    const reader = response.body?.getReader();
    const pieces = [await reader?.read(), await reader?.read(), await reader?.read()];
    await reader?.cancel();
    expect(Buffer.concat(pieces.map((piece) => piece?.value ?? new Uint8Array())).toString()).toMatch(
      /^\{"r/,
    );
    expect(Math.max(...pieces.map((piece) => piece?.value?.length ?? 0))).toBeLessThan(20);
  });
});

describe('the switches', () => {
  const search = (ask: Asker['ask'], value: string): Promise<Answered> =>
    ask('POST', `${COMPANIES}/search`, {
      body: { filterGroups: [{ filters: [{ propertyName: 'name', operator: 'EQ', value }] }] },
    });

  it('index lag: search goes on seeing what was there until the lag is over, all else sees the change', async () => {
    const { ask, fake, clock } = await openFake(PORTAL);
    fake.faults.indexLagMs = 90_000;
    fake.state.update('companies', '101', { name: 'Changed' });
    const created = fake.state.create('companies', { name: 'New' });
    fake.state.archive('companies', '102');
    await clock.advance(89_999);
    expect(idsOf(await search(ask, 'Company 101'))).toEqual(['101']);
    expect(idsOf(await search(ask, 'Changed'))).toEqual([]);
    expect(idsOf(await search(ask, 'New'))).toEqual([]);
    expect(idsOf(await search(ask, 'Company 102'))).toEqual(['102']);
    expect(idsOf(await ask('GET', COMPANIES))).toEqual(['101', '103', '104', created.id]);
    await clock.advance(1);
    expect(idsOf(await search(ask, 'Company 101'))).toEqual([]);
    expect(idsOf(await search(ask, 'Changed'))).toEqual(['101']);
    expect(idsOf(await search(ask, 'New'))).toEqual([created.id]);
    expect(idsOf(await search(ask, 'Company 102'))).toEqual([]);
  });

  it('index lag: a record changed twice is seen as it was before the first change', async () => {
    const { ask, fake, clock } = await openFake(PORTAL);
    fake.faults.indexLagMs = 60_000;
    fake.state.update('companies', '101', { name: 'Second' });
    await clock.advance(30_000);
    fake.state.update('companies', '101', { name: 'Third' });
    await clock.advance(45_000);
    expect(idsOf(await search(ask, 'Company 101'))).toEqual(['101']);
    await clock.advance(15_000);
    expect(idsOf(await search(ask, 'Third'))).toEqual(['101']);
  });

  it('between two requests of one scan, records are edited, archived, merged and made', async () => {
    const { ask, fake } = await openFake(PORTAL);
    let requests = 0;
    fake.faults.betweenRequests = () => {
      requests += 1;
      if (requests === 2) {
        fake.state.archive('companies', '103');
        fake.state.merge('companies', '101', '102');
        fake.state.create('companies', { name: 'New' });
      }
    };
    const first = await ask('GET', COMPANIES, { qs: { limit: '2' } });
    const second = await ask('GET', COMPANIES, { qs: { limit: '2', after: nextOf(first) ?? '' } });
    expect(idsOf(first)).toEqual(['101', '102']);
    expect(idsOf(second)).toEqual(['104', expect.any(String)]);
    expect(fake.state.get('companies', '102')?.id).toBe('101');
  });

  it('an edit between two pages of a search shifts a record out of sight: offsets are live', async () => {
    const { ask, fake, clock } = await openFake(PORTAL);
    const page = (after: string): Promise<Answered> =>
      ask('POST', `${COMPANIES}/search`, { body: { sorts: ['hs_lastmodifieddate'], limit: 2, after } });
    const first = idsOf(await page('0'));
    await clock.advance(1000);
    fake.state.update('companies', '101', { name: 'Edited' });
    expect([first, idsOf(await page('2'))]).toEqual([
      ['101', '102'],
      ['104', '101'],
    ]);
  });

  it('short pages end early, or empty, and still say that more follows', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.shortPages = (page) => (page === 1 ? 2 : 1);
    const first = await ask('GET', COMPANIES, { qs: { limit: '2' } });
    expect([idsOf(first), nextOf(first)]).toEqual([[], '0']);
    const second = await ask('GET', COMPANIES, { qs: { limit: '2', after: '0' } });
    expect([idsOf(second), nextOf(second)]).toEqual([['101'], '101']);
  });

  it('answers 414 above the longest address', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.longestUrl = 8000;
    const { status, text } = await ask('GET', COMPANIES, { qs: { properties: 'x'.repeat(8000) } });
    expect([status, text]).toEqual([414, expect.stringContaining('<html>')]);
    const body = { inputs: [{ id: '101' }], properties: ['x'.repeat(8000)] };
    expect((await ask('POST', `${COMPANIES}/batch/read`, { body })).status).toBe(200);
  });

  it('carries addresses that are longer than most servers take', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.longestUrl = 40_000;
    expect((await ask('GET', COMPANIES, { qs: { properties: 'x'.repeat(30_000) } })).status).toBe(200);
  });

  it('unknown fields come with every record', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.unknownFields = true;
    expect((await ask('GET', COMPANIES)).text).toContain('"surprise"');
  });

  it('calculated values change in silence: neither the date moves nor a version is kept', async () => {
    const { ask, fake, clock } = await openFake(PORTAL);
    const before = (await ask('GET', `${COMPANIES}/101`)).body as { updatedAt: string };
    await clock.advance(DAY_MS);
    fake.state.update('companies', '101', { name: 'Recalculated' }, { silent: true });
    const after = await ask('GET', `${COMPANIES}/101`, {
      qs: { properties: 'name', propertiesWithHistory: 'name' },
    });
    expect(after.body).toMatchObject({
      updatedAt: before.updatedAt,
      properties: { name: 'Recalculated' },
      propertiesWithHistory: { name: [] },
    });
  });

  it('a bulk job stamps many records with one millisecond', async () => {
    const { ask, fake } = await openFake(PORTAL);
    const at = Date.parse('2026-02-01T00:00:00Z');
    for (const record of Array.from(fake.state.all('companies')))
      fake.state.update('companies', record.id, { name: 'Bulk' }, { at });
    const filters = [{ propertyName: 'hs_lastmodifieddate', operator: 'EQ', value: String(at) }];
    const found = await ask('POST', `${COMPANIES}/search`, { body: { filterGroups: [{ filters }] } });
    expect(idsOf(found)).toEqual(['101', '102', '103', '104']);
  });

  it.each([0, 1, 2] as const)('a missing scope is refused with text %i, and only there', async (text) => {
    const { ask, fake } = await openFake({ objects: { ...PORTAL.objects, deals: [] } });
    fake.faults.missingScopes.set('crm.objects.companies.read', text);
    for (const [method, path] of [
      ['GET', COMPANIES],
      ['POST', `${COMPANIES}/search`],
      ['POST', `${COMPANIES}/batch/read`],
      ['GET', '/crm/properties/2026-09/companies'],
      ['POST', '/crm/associations/2026-09/deals/companies/batch/read'],
    ] as const) {
      const refused = await ask(method, path, method === 'POST' ? { body: { inputs: [] } } : {});
      expect([refused.status, refused.body]).toEqual([
        403,
        missingScope('crm.objects.companies.read', text).body,
      ]);
      expect(refused.text).toContain('crm.objects.companies.read');
    }
    expect((await ask('GET', '/crm/objects/2026-09/deals')).status).toBe(200);
  });

  it('a scope to write is another one than the scope to read', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.missingScopes.set('crm.objects.companies.write', 0).set('crm.objects.contacts.write', 0);
    expect((await ask('PATCH', `${COMPANIES}/101`, { body: { properties: { name: 'x' } } })).status).toBe(
      403,
    );
    expect(
      (await ask('POST', '/crm/objects/2026-09/notes', { body: { properties: { hs_timestamp: '1' } } }))
        .status,
    ).toBe(403);
    expect((await ask('GET', COMPANIES)).status).toBe(200);
  });

  it('tells a bug of its own as a 500 and not as a lost connection', async () => {
    const { ask, fake } = await openFake(PORTAL);
    fake.faults.betweenRequests = () => {
      throw new Error('the test itself is wrong');
    };
    expect(await ask('GET', COMPANIES)).toMatchObject({
      status: 500,
      text: expect.stringContaining('the test itself'),
    });
  });
});

it('refuses a request without a token that works', async () => {
  const { fake } = await openFake(PORTAL);
  const refused = await answered(clientFor(fake, 'nonsense').apiRequest({ method: 'GET', path: COMPANIES }));
  expect([refused.status, refused.body]).toMatchObject([401, { category: 'INVALID_AUTHENTICATION' }]);
});
