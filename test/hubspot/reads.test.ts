import { describe, expect, it } from 'vitest';
import type { MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { failureOf, NOW, openClient } from './open-client.ts';

const LONG_NAMES = Array.from(
  { length: 1400 },
  (_, n) => `property_with_a_name_of_some_sixty_characters_and_a_number_${n}`,
);

function companies(count: number, properties: Record<string, string> = { name: 'Company' }): MemoryPortal {
  return {
    objects: { companies: Array.from({ length: count }, (_, n) => ({ id: String(7000 + n), properties })) },
  };
}

describe('the list', () => {
  it('is read page by page with a cursor that ends', async () => {
    const { hubspot } = await openClient(companies(250));
    const sizes: number[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof hubspot.list>> = await hubspot.list({
        objectType: 'companies',
        properties: ['name'],
        ...(after === null ? {} : { after }),
      });
      sizes.push(page.results.length);
      ({ after } = page);
    } while (after !== null);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('of archived records says since when', async () => {
    const { fake, hubspot } = await openClient(companies(2));
    fake.state.archive('companies', '7000');
    const page = await hubspot.list({ objectType: 'companies', properties: [], archived: true });
    expect(page.results).toMatchObject([{ id: '7000', archived: true, archivedAt: NOW.toISOString() }]);
  });

  it('leaves out what nobody has heard of, and reads an empty value as none', async () => {
    const { fake, hubspot } = await openClient(companies(1));
    fake.faults.unknownFields = true;
    const { results } = await hubspot.list({
      objectType: 'companies',
      properties: ['name', 'never_heard_of'],
    });
    expect(Object.keys(results[0] ?? {}).toSorted()).toEqual([
      'archived',
      'archivedAt',
      'createdAt',
      'id',
      'properties',
      'updatedAt',
    ]);
    expect(results[0]?.properties).toMatchObject({ name: 'Company' });
    fake.faults.rules = [
      {
        fault: {
          do: 'reply',
          reply: {
            status: 200,
            body: {
              results: [
                { id: 5, properties: { a: '', b: null, c: 3, d: false }, createdAt: 'x', updatedAt: 'y' },
              ],
            },
          },
        },
      },
    ];
    expect((await hubspot.list({ objectType: 'companies', properties: [] })).results).toEqual([
      {
        id: '5',
        properties: { a: null, b: null, c: '3', d: 'false' },
        createdAt: 'x',
        updatedAt: 'y',
        archived: false,
        archivedAt: null,
      },
    ]);
  });

  it('with more properties than an address holds is read by ids and bodies, each record whole', async () => {
    const values = Object.fromEntries(LONG_NAMES.map((name) => [name, 'x']));
    const { fake, hubspot } = await openClient(companies(130, values));
    fake.faults.longestUrl = 8000;
    const first = await hubspot.list({ objectType: 'companies', properties: LONG_NAMES });
    const second = await hubspot.list({
      objectType: 'companies',
      properties: LONG_NAMES,
      after: first.after ?? '',
    });
    expect([first.results.length, second.results.length, second.after]).toEqual([100, 30, null]);
    for (const { properties } of [...first.results, ...second.results])
      expect(LONG_NAMES.every((name) => properties[name] === 'x')).toBe(true);
    expect(fake.log.map((entry) => `${entry.method} ${entry.status}`)).toEqual([
      'GET 200',
      'POST 200',
      'GET 200',
      'POST 200',
    ]);
  });

  it('learns from a 414 where the limit lies, and asks for too much only once', async () => {
    const names = LONG_NAMES.slice(0, 50);
    const { fake, hubspot } = await openClient(companies(2, { [names[7] ?? '']: 'x' }));
    fake.faults.longestUrl = 1000;
    for (let n = 0; n < 3; n += 1) {
      const { results } = await hubspot.list({ objectType: 'companies', properties: names });
      expect(results.map((one) => one.properties[names[7] ?? ''])).toEqual(['x', 'x']);
    }
    expect(fake.log.filter((entry) => entry.status === 414)).toHaveLength(1);
    expect((await hubspot.list({ objectType: 'companies', properties: ['name'] })).results).toHaveLength(2);
    expect(fake.log.at(-1)).toMatchObject({ method: 'GET', status: 200 });
  });
});

describe('batch read', () => {
  const read = { objectType: 'companies', properties: ['name'] };
  const ids = Array.from({ length: 100 }, (_, n) => String(7000 + n));

  it.each(['207', '400'] as const)(
    'lands ninety-nine of a hundred when one is not there (%s), and names that one',
    async (unknownIds) => {
      const { fake, hubspot } = await openClient(companies(100));
      fake.faults.unknownIds = unknownIds;
      fake.state.purge('companies', '7042');
      const { results, missing } = await hubspot.batchRead({ ...read, ids });
      expect([results.length, missing]).toEqual([99, ['7042']]);
      expect(hubspot.usage().requests).toBeLessThanOrEqual(unknownIds === '207' ? 1 : 17);
    },
  );

  it('answers a merged-away id with its survivor, and says that the id itself is gone', async () => {
    const { fake, hubspot } = await openClient(companies(3));
    fake.state.merge('companies', '7001', '7000');
    const { results, missing } = await hubspot.batchRead({ ...read, ids: ['7000', '7002'] });
    expect([results.map((one) => one.id), missing]).toEqual([['7001', '7002'], ['7000']]);
  });

  it('never calls a record missing because HubSpot refuses the batch for another reason', async () => {
    const { fake, hubspot } = await openClient(companies(4));
    const isBatch = ({ path }: { path: string }): boolean => path.endsWith('/batch/read');
    fake.faults.rules = [
      { match: isBatch, fault: { do: 'reply', reply: { status: 400, body: { message: 'no' } } } },
    ];
    expect(await failureOf(hubspot.batchRead({ ...read, ids: ['7000', '7001'] }))).toMatchObject({
      code: 'upstream',
    });
    const errors = [{ status: 'error', category: 'INTERNAL_ERROR', message: 'try later', context: {} }];
    fake.faults.rules = [
      { match: isBatch, fault: { do: 'reply', reply: { status: 207, body: { results: [], errors } } } },
    ];
    expect(await failureOf(hubspot.batchRead({ ...read, ids: ['7000'] }))).toMatchObject({
      code: 'upstream',
    });
  });

  it('brings the history of a property, newest first', async () => {
    const { fake, hubspot, clock } = await openClient(companies(1));
    fake.state.update('companies', '7000', { name: 'Second' });
    await clock.sleep(1000);
    fake.state.update('companies', '7000', { name: 'Third' });
    const { results } = await hubspot.batchRead({ ...read, ids: ['7000'], propertiesWithHistory: ['name'] });
    expect(results[0]?.propertiesWithHistory?.['name']).toEqual([
      {
        value: 'Third',
        timestamp: '2026-03-01T12:00:01.000Z',
        sourceType: 'CRM_UI',
        sourceId: null,
        updatedByUserId: 1,
      },
      {
        value: 'Second',
        timestamp: NOW.toISOString(),
        sourceType: 'CRM_UI',
        sourceId: null,
        updatedByUserId: 1,
      },
    ]);
  });
});

describe('search', () => {
  it('answers how many there are, a page of them, and whether there are more', async () => {
    const { fake, hubspot } = await openClient(companies(450));
    const query = {
      objectType: 'companies',
      filters: [{ propertyName: 'hs_object_id', operator: 'GT' as const, value: '7009' }],
      sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' as const },
      properties: [],
    };
    const page = await hubspot.search(query);
    expect([page.total, page.results.length, page.results[0]?.id, page.more]).toEqual([
      440,
      200,
      '7010',
      true,
    ]);
    expect((await hubspot.search({ ...query, limit: 1, filters: [] })).total).toBe(450);
    fake.faults.shortPages = () => 200;
    expect(await hubspot.search(query)).toMatchObject({ results: [], more: true });
  });
});

describe('associations', () => {
  it('are read to the last page, with every label of a pair', async () => {
    const contacts = Array.from({ length: 1762 }, (_, n) => String(20_000 + n));
    const { fake, hubspot } = await openClient({
      objects: { companies: [{ id: '1' }, { id: '2' }], contacts: contacts.map((id) => ({ id })) },
      associations: [
        ...contacts.map((id) => ({
          from: ['companies', '1'] as const,
          to: ['contacts', id] as const,
          typeId: 280,
          backTypeId: 279,
        })),
        {
          from: ['companies', '2'],
          to: ['contacts', '20000'],
          typeId: 102,
          backTypeId: 101,
          label: 'Champion',
        },
      ],
    });
    const { rows, failed } = await hubspot.associations({
      fromType: 'companies',
      toType: 'contacts',
      ids: ['1', '2'],
    });
    expect([rows.length, failed]).toEqual([1763, []]);
    expect(new Set(rows.filter((row) => row.fromId === '1').map((row) => row.toId)).size).toBe(1762);
    expect(rows.find((row) => row.fromId === '2')).toEqual({
      fromId: '2',
      toId: '20000',
      category: 'USER_DEFINED',
      typeId: 102,
      label: 'Champion',
    });
    expect(fake.log).toHaveLength(4);
  });

  it.each([
    ['207', '7013'],
    ['400', '7013'],
    ['400', '7000'],
    ['400', '7063'],
  ] as const)('of all others land when one id is gone (%s, %s)', async (unknownIds, gone) => {
    const ids = Array.from({ length: 64 }, (_, n) => String(7000 + n));
    const { fake, hubspot } = await openClient({
      objects: { companies: ids.map((id) => ({ id })), contacts: [{ id: '9' }] },
      associations: ids.map((id) => ({
        from: ['companies', id] as const,
        to: ['contacts', '9'] as const,
        typeId: 280,
        backTypeId: 279,
      })),
    });
    fake.faults.unknownIds = unknownIds;
    fake.state.purge('companies', gone);
    const { rows, failed } = await hubspot.associations({ fromType: 'companies', toType: 'contacts', ids });
    expect([rows.length, failed]).toEqual([63, [{ id: gone, message: expect.any(String) }]]);
  });

  it('of records that have none are none, though HubSpot calls that an error', async () => {
    const { hubspot } = await openClient({
      objects: { companies: [{ id: '1' }, { id: '2' }], contacts: [{ id: '9' }] },
      associations: [{ from: ['companies', '1'], to: ['contacts', '9'], typeId: 280, backTypeId: 279 }],
    });
    const { rows, failed } = await hubspot.associations({
      fromType: 'companies',
      toType: 'contacts',
      ids: ['1', '2', '3'],
    });
    expect(rows.map((row) => row.fromId)).toEqual(['1']);
    expect(failed.map(({ id }) => id)).toEqual(['3']);
  });

  it('are not known of whoever an answer leaves out with an error that names nobody', async () => {
    const { fake, hubspot } = await openClient(companies(4));
    const result = {
      from: { id: '7000' },
      to: [{ toObjectId: 9, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 280, label: null }] }],
    };
    const errors = [
      {
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
        message: 'none',
        context: { fromObjectId: [7001] },
      },
      { category: 'INTERNAL_ERROR', message: 'try later', context: {} },
    ];
    fake.faults.rules = [
      { fault: { do: 'reply', reply: { status: 207, body: { results: [result], errors } } } },
    ];
    const ids = ['7000', '7001', '7002', '7003'];
    const read = await hubspot.associations({ fromType: 'companies', toType: 'contacts', ids });
    expect(read.rows).toHaveLength(1);
    expect(read.failed).toEqual(['7002', '7003'].map((id) => ({ id, message: 'try later' })));
  });

  it('of a pair that HubSpot wants nothing of are refused after one other record was tried', async () => {
    const { fake, hubspot } = await openClient(companies(64));
    const reply = { status: 400, body: { status: 'error', message: 'No such pair' } };
    fake.faults.rules = [{ fault: { do: 'reply', reply } }];
    const ids = Array.from({ length: 64 }, (_, n) => String(7000 + n));
    const asked = hubspot.associations({ fromType: 'companies', toType: 'contacts', ids });
    expect(await failureOf(asked)).toMatchObject({
      code: 'forbidden',
      message:
        'HubSpot refused the links from companies to contacts with 400: No such pair. The next sync asks again.',
    });
    expect(fake.log).toHaveLength(8);
  });

  it('of more than a thousand records go in several batches', async () => {
    const { fake, hubspot } = await openClient({ objects: { ...companies(2500).objects, contacts: [] } });
    const ids = Array.from({ length: 2500 }, (_, n) => String(7000 + n));
    expect((await hubspot.associations({ fromType: 'companies', toType: 'contacts', ids })).rows).toEqual([]);
    expect(fake.log.map((entry) => entry.body)).toEqual([
      { inputs: 1000 },
      { inputs: 1000 },
      { inputs: 500 },
    ]);
  });

  it('that cannot be read are a failure and not an empty answer', async () => {
    const { fake, hubspot } = await openClient(companies(2));
    fake.faults.rules = [{ fault: { do: 'reply', reply: { status: 502 } } }];
    const asked = hubspot.associations({ fromType: 'companies', toType: 'contacts', ids: ['7000'] });
    expect(await failureOf(asked)).toMatchObject({ code: 'upstream' });
  });
});

describe('what describes the records', () => {
  it('is read from a generated portal as it was generated', async () => {
    const portal = generatePortal({ seed: 1, accounts: 30, anchor: NOW });
    const { hubspot } = await openClient(portal);
    expect(await hubspot.accountInfo()).toEqual({
      portalId: portal.portalId,
      timeZone: 'Europe/Berlin',
      companyCurrency: 'USD',
      uiDomain: 'app.hubspot.com',
    });
    expect(await hubspot.properties('companies')).toEqual(portal.properties('companies'));
    expect(await hubspot.pipelines('deals')).toEqual(portal.pipelines('deals'));
    expect(await hubspot.schemas()).toEqual(portal.schemas());
    expect(await hubspot.owners()).toEqual(portal.owners());
  });

  it('is read to the last page of owners, deactivated ones with the user they were', async () => {
    const owners = Array.from({ length: 250 }, (_, n) => ({
      id: String(n),
      userId: 9000 + n,
      email: `o${n}@vendor.example`,
      firstName: 'O',
      lastName: String(n),
      archived: n % 5 === 0,
    }));
    const { hubspot } = await openClient({ owners });
    const read = await hubspot.owners();
    expect(read).toHaveLength(250);
    expect(read.find((owner) => owner.id === '245')).toEqual(owners[245]);
  });
});
