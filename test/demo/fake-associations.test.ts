import { describe, expect, it } from 'vitest';
import { AssociationTypes } from '@hubspot/api-client';
import { typesBetween } from '../../src/demo/fake/association-types.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import { MINUTE_MS, OBJECTS, openFake, SMALL_PORTAL, type Answered, type Asker } from './fake-client.ts';

describe('reading associations', () => {
  it('come in pages for each id, and with every type of a pair', async () => {
    const asker = await openFake({
      objects: { companies: [{ id: '1' }, { id: '2' }], contacts: ['11', '12', '13'].map((id) => ({ id })) },
      associations: [
        ...['11', '12', '13'].map((id) => ({
          from: ['companies', '1'] as const,
          to: ['contacts', id] as const,
          typeId: 280,
          backTypeId: 279,
        })),
        { from: ['companies', '1'], to: ['contacts', '13'], typeId: 102, backTypeId: 101, label: 'Champion' },
      ],
    });
    asker.fake.faults.associationPage = 2;
    const read = (inputs: unknown[]): ReturnType<Asker['ask']> =>
      asker.ask('POST', '/crm/associations/2026-09/companies/contacts/batch/read', { body: { inputs } });
    const first = await read([{ id: '1' }, { id: '2' }]);
    expect(first.body).toMatchObject({
      results: [
        {
          from: { id: '1' },
          to: [{ toObjectId: '11' }, { toObjectId: '12' }],
          paging: { next: { after: '2' } },
        },
      ],
    });
    const second = await read([{ id: '1', after: '2' }]);
    const [one] = (second.body as { results: { to: unknown[]; paging?: unknown }[] }).results;
    expect(one?.paging).toBeUndefined();
    expect(one?.to).toEqual([
      {
        toObjectId: '13',
        associationTypes: [
          { category: 'HUBSPOT_DEFINED', typeId: 280, label: null },
          { category: 'USER_DEFINED', typeId: 102, label: 'Champion' },
        ],
      },
    ]);
  });

  it('lead neither from nor to what lies in the recycle bin, and are back when it is restored', async () => {
    const asker = await openFake({
      ...SMALL_PORTAL,
      associations: ['201', '202'].map((id) => ({
        from: ['companies', '101'] as const,
        to: ['contacts', id] as const,
        typeId: 280,
        backTypeId: 279,
      })),
    });
    const read = async (from: string, to: string, id: string): Promise<string> =>
      (
        await asker.ask('POST', `/crm/associations/2026-09/${from}/${to}/batch/read`, {
          body: { inputs: [{ id }] },
        })
      ).text;
    asker.fake.state.archive('contacts', '202');
    expect(await read('companies', 'contacts', '101')).not.toContain('"202"');
    expect(await read('contacts', 'companies', '202')).not.toContain('"101"');
    asker.fake.state.restore('contacts', '202');
    expect(await read('companies', 'contacts', '101')).toContain('"202"');
    expect(await read('contacts', 'companies', '202')).toContain('"101"');
  });

  it('take a thousand ids at most and name unknown ones, and those without a link, in a 207, or refuse the batch', async () => {
    const { ask, fake } = await openFake({
      objects: { companies: [{ id: '1' }, { id: '2' }], contacts: [{ id: '11' }] },
      associations: [{ from: ['companies', '1'], to: ['contacts', '11'], typeId: 280, backTypeId: 279 }],
    });
    const answer = (ids: string[]): Promise<Answered> =>
      ask('POST', '/crm/associations/2026-09/companies/contacts/batch/read', {
        body: { inputs: ids.map((id) => ({ id })) },
      });
    const read = async (ids: string[]): Promise<number> => (await answer(ids)).status;
    expect(await read(Array.from({ length: 1001 }, () => '1'))).toBe(400);
    expect(await read(['1', '999'])).toBe(207);
    expect(await answer(['1', '2'])).toMatchObject({
      status: 207,
      body: {
        results: [{ from: { id: '1' } }],
        errors: [
          {
            category: 'OBJECT_NOT_FOUND',
            subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
            context: { fromObjectId: ['2'], fromObjectType: ['companies'], toObjectType: ['contacts'] },
          },
        ],
      },
    });
    fake.faults.unknownIds = '400';
    expect(await read(['1', '999'])).toBe(400);
    expect(await read(['1'])).toBe(200);
  });

  it("have the numbers of HubSpot's own client", () => {
    const source = memorySource();
    const own = Object.entries(AssociationTypes).filter(([, id]) => typeof id === 'number');
    const named = 'contacts companies deals tickets calls emails meetings notes tasks'.split(' ');
    const word = (type: string): string => type.replace(/ies$/, 'y').replace(/s$/, '');
    for (const from of named) {
      for (const to of named) {
        const [first] = typesBetween(source, from, to);
        const name = `${word(from)}To${word(to).replace(/^./, (letter) => letter.toUpperCase())}`;
        const expected = own.find(([key]) => key === name)?.[1];
        if (first !== undefined) expect([name, first.typeId]).toEqual([name, expected]);
      }
    }
    expect(typesBetween(source, 'notes', 'companies')).toHaveLength(1);
    expect(typesBetween(source, 'companies', 'companies').map((one) => one.typeId)).toEqual([450, 13, 14]);
  });
});

describe('associations', () => {
  const labels = [
    { fromType: 'contacts', toType: 'companies', typeId: 101, backTypeId: 102, label: 'Champion' },
  ];
  const typesOf = async ({ ask }: Asker, type: string, id: string, toType: string): Promise<number[]> => {
    const { body } = await ask('GET', `${OBJECTS}/${type}/${id}/associations/${toType}`);
    return (body as { results: { associationTypes: { typeId: number }[] }[] }).results.flatMap((one) =>
      one.associationTypes.map((link) => link.typeId),
    );
  };

  it('by default are put in both directions', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const put = await asker.ask('PUT', `${OBJECTS}/contacts/201/associations/default/companies/101`);
    expect([put.status, put.body]).toMatchObject([
      200,
      {
        results: [
          { associationSpec: { associationTypeId: 279 } },
          { associationSpec: { associationTypeId: 280 } },
        ],
      },
    ]);
    expect(await typesOf(asker, 'contacts', '201', 'companies')).toEqual([279]);
    expect(await typesOf(asker, 'companies', '101', 'contacts')).toEqual([280]);
    expect(
      (await asker.ask('PUT', `${OBJECTS}/contacts/201/associations/default/companies/999`)).status,
    ).toBe(400);
    expect((await asker.ask('DELETE', `${OBJECTS}/contacts/201/associations/companies/101`)).status).toBe(
      204,
    );
    expect(await typesOf(asker, 'companies', '101', 'contacts')).toEqual([]);
  });

  it('with a label stand beside the plain one, and go alone', async () => {
    const asker = await openFake({ ...SMALL_PORTAL, labels });
    const batch = (verb: string, ...typeIds: number[]): Promise<Answered> =>
      asker.ask('POST', `/crm/associations/2026-09/contacts/companies/batch/${verb}`, {
        body: {
          inputs: [
            {
              from: { id: '201' },
              to: { id: '101' },
              types: typeIds.map((associationTypeId) => ({ associationTypeId })),
            },
          ],
        },
      });
    expect((await batch('create', 279, 1, 101)).status).toBe(201);
    expect(await typesOf(asker, 'companies', '101', 'contacts')).toEqual([280, 2, 102]);
    expect((await batch('labels/archive', 1)).status).toBe(204);
    expect(await typesOf(asker, 'companies', '101', 'contacts')).toEqual([280, 102]);
    expect((await batch('labels/archive', 101)).status).toBe(204);
    expect(await typesOf(asker, 'contacts', '201', 'companies')).toEqual([279]);
    await batch('create', 101);
    expect((await batch('labels/archive', 279)).status).toBe(204);
    expect(await typesOf(asker, 'contacts', '201', 'companies')).toEqual([]);
    expect((await batch('create', 280)).status).toBe(400);
  });

  it('are put one by one with a label, or archived in a batch', async () => {
    const asker = await openFake({ ...SMALL_PORTAL, labels });
    const put = await asker.ask('PUT', `${OBJECTS}/contacts/201/associations/companies/101`, {
      body: [{ associationCategory: 'USER_DEFINED', associationTypeId: 101 }],
    });
    expect([put.status, put.body]).toMatchObject([
      201,
      { fromObjectTypeId: '0-1', toObjectId: '101', labels: ['Champion'] },
    ]);
    const inputs = [{ from: { id: '201' }, to: [{ id: '101' }] }];
    const archived = await asker.ask('POST', '/crm/associations/2026-09/contacts/companies/batch/archive', {
      body: { inputs },
    });
    expect(archived.status).toBe(204);
    expect(await typesOf(asker, 'contacts', '201', 'companies')).toEqual([]);
  });

  it('by default in a batch', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const inputs = ['201', '202'].map((id) => ({ from: { id }, to: { id: '101' } }));
    const done = await asker.ask(
      'POST',
      '/crm/associations/2026-09/contacts/companies/batch/associate/default',
      { body: { inputs } },
    );
    expect(done.status).toBe(200);
    expect(await typesOf(asker, 'companies', '101', 'contacts')).toEqual([280, 280]);
  });

  it('leave both modified dates where they were', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const before = asker.fake.state.get('companies', '101')?.updatedAt;
    await asker.clock.advance(MINUTE_MS);
    await asker.ask('PUT', `${OBJECTS}/contacts/201/associations/default/companies/101`);
    expect(asker.fake.state.get('companies', '101')?.updatedAt).toBe(before);
  });

  it('list the labels there are', async () => {
    const { ask } = await openFake({ ...SMALL_PORTAL, labels });
    const { body } = await ask('GET', '/crm/associations/2026-09/companies/contacts/labels');
    expect(body).toMatchObject({
      results: [{ typeId: 280 }, { typeId: 2 }, { category: 'USER_DEFINED', typeId: 102, label: 'Champion' }],
    });
  });
});
