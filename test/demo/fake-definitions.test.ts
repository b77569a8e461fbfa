import { describe, expect, it } from 'vitest';
import type { MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import { allPages, idsOf, openFake } from './fake-client.ts';

describe('what describes the records', () => {
  const portal: MemoryPortal = {
    objects: { deals: [{ id: '1', properties: { dealname: 'x' } }] },
    pipelines: {
      deals: [
        {
          id: 'default',
          label: 'Sales',
          archived: false,
          stages: [
            { id: 'won', label: 'Won', displayOrder: 0, archived: false, metadata: { isClosed: 'true' } },
          ],
        },
      ],
    },
    owners: [
      { id: '1', userId: 91, email: 'a@vendor.example', firstName: 'A', lastName: 'A', archived: false },
      { id: '2', userId: 92, email: 'b@vendor.example', firstName: 'B', lastName: 'B', archived: true },
      { id: '3', userId: 93, email: 'c@vendor.example', firstName: 'C', lastName: 'C', archived: false },
    ],
    schemas: [{ objectTypeId: '2-77', name: 'usage', labels: { singular: 'Use', plural: 'Uses' } }],
  };

  it('is the account, with its number, time zone and currency', async () => {
    const { ask, fake } = await openFake(portal);
    const { body } = await ask('GET', '/account-info/2026-09/details');
    expect(body).toMatchObject({ portalId: 4_242_424, timeZone: 'Europe/Berlin', companyCurrency: 'EUR' });
    expect(fake.log.at(-1)).toMatchObject({
      method: 'GET',
      path: '/account-info/2026-09/details',
      status: 200,
    });
  });

  it('is pipelines with stages, all, one, or the stages alone', async () => {
    const { ask } = await openFake(portal);
    expect((await ask('GET', '/crm/pipelines/2026-09/deals')).body).toMatchObject({
      results: [{ id: 'default', stages: [{ id: 'won' }] }],
    });
    expect((await ask('GET', '/crm/pipelines/2026-09/deals/default')).body).toMatchObject({ label: 'Sales' });
    expect(idsOf(await ask('GET', '/crm/pipelines/2026-09/deals/default/stages'))).toEqual(['won']);
    expect((await ask('GET', '/crm/pipelines/2026-09/deals/none')).status).toBe(404);
  });

  it('is owners in pages, deactivated ones apart and without their user', async () => {
    const asker = await openFake(portal);
    expect(await allPages(asker, '/crm/owners/2026-09', { limit: '1' })).toEqual([['1'], ['3']]);
    const gone = await asker.ask('GET', '/crm/owners/2026-09', { qs: { archived: 'true' } });
    expect(gone.body).toMatchObject({ results: [{ id: '2', userId: null, userIdIncludingInactive: 92 }] });
    expect(
      (await asker.ask('GET', '/crm/owners/2026-09/93', { qs: { idProperty: 'userId' } })).body,
    ).toMatchObject({
      id: '3',
    });
    expect((await asker.ask('GET', '/crm/owners/2026-09/2')).status).toBe(404);
  });

  it('is custom objects, reached by number or name', async () => {
    const { ask, fake } = await openFake({ ...portal, objects: { '2-77': [{ id: '5' }] } });
    expect((await ask('GET', '/crm-object-schemas/2026-09/schemas')).body).toMatchObject({
      results: [{ objectTypeId: '2-77', name: 'usage' }],
    });
    expect(idsOf(await ask('GET', '/crm/objects/2026-09/2-77'))).toEqual(['5']);
    expect(idsOf(await ask('GET', '/crm/objects/2026-09/usage'))).toEqual(['5']);
    expect(fake.log.map((entry) => entry.status)).toEqual([200, 200, 200]);
  });

  it('knows a type by its name, its singular and its number, and no other', async () => {
    const { ask } = await openFake(portal);
    for (const name of ['deals', 'deal', '0-3'])
      expect(idsOf(await ask('GET', `/crm/objects/2026-09/${name}`))).toEqual(['1']);
    expect((await ask('GET', '/crm/objects/2026-09/dreams')).status).toBe(400);
    expect((await ask('GET', '/crm/v3/objects/deals')).status).toBe(404);
  });
});
