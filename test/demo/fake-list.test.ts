import { describe, expect, it } from 'vitest';
import { allPages, at, idsOf, manyCompanies, NOW, openFake } from './fake-client.ts';

const COMPANIES = '/crm/objects/2026-09/companies';

describe('the list', () => {
  it('pages through every live record in ascending numeric id', async () => {
    const asker = await openFake({
      objects: { companies: ['72', '7199', '719869649082', '7198'].map((id) => ({ id })) },
    });
    expect(await allPages(asker, COMPANIES, { limit: '3' })).toEqual([
      ['72', '7198', '7199'],
      ['719869649082'],
    ]);
  });

  it('keeps archived records apart and says since when', async () => {
    const asker = await openFake(manyCompanies(3));
    asker.fake.state.archive('companies', '7001');
    expect(await allPages(asker, COMPANIES, {})).toEqual([['7000', '7002']]);
    const bin = await asker.ask('GET', COMPANIES, { qs: { archived: 'true' } });
    expect(bin.body).toMatchObject({
      results: [{ id: '7001', archived: true, archivedAt: NOW.toISOString() }],
    });
    asker.fake.state.restore('companies', '7001');
    expect(await allPages(asker, COMPANIES, { archived: 'true' })).toEqual([[]]);
  });

  it('goes on behind its cursor into records that were created meanwhile', async () => {
    const asker = await openFake(manyCompanies(2));
    const created = asker.fake.state.create('companies', { name: 'New' });
    const another = asker.fake.state.create('companies', { name: 'Newer' });
    expect(await allPages(asker, COMPANIES, { limit: '1' })).toEqual([
      ['7000'],
      ['7001'],
      [created.id],
      [another.id],
    ]);
  });

  it('answers the properties that were named, leaves unknown names out, and null for empty ones', async () => {
    const { ask, fake } = await openFake(manyCompanies(1));
    fake.state.update('companies', '7000', { seats: '' });
    const { body } = await ask('GET', COMPANIES, { qs: { properties: 'name,seats,never_heard_of' } });
    const [record] = (body as { results: { properties: Record<string, unknown> }[] }).results;
    expect(record?.properties).toEqual({
      hs_object_id: '7000',
      createdate: at(0).toISOString(),
      hs_lastmodifieddate: NOW.toISOString(),
      name: 'Company 0',
      seats: null,
    });
  });

  it.each([
    [{ limit: '101' }, 'limit must be between 1 and 100'],
    [{ limit: '60', propertiesWithHistory: 'name' }, 'at most 50'],
  ])('refuses pages that are too long: %o', async (qs, sentence) => {
    const { ask } = await openFake(manyCompanies(1));
    const { status, text } = await ask('GET', COMPANIES, { qs });
    expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
  });

  it('tells the history of a property, newest first', async () => {
    const { ask, fake, clock } = await openFake(manyCompanies(1));
    fake.state.update('companies', '7000', { name: 'First' });
    await clock.advance(1000);
    fake.state.update('companies', '7000', { name: 'Second' });
    const { body } = await ask('GET', `${COMPANIES}/7000`, { qs: { propertiesWithHistory: 'name' } });
    const { propertiesWithHistory } = body as { propertiesWithHistory: { name: { value: string }[] } };
    expect(propertiesWithHistory.name.map((version) => version.value)).toEqual(['Second', 'First']);
  });

  it('inlines a hundred associations at most and says that there are more', async () => {
    const { ask, fake } = await openFake(manyCompanies(1));
    for (let n = 0; n < 120; n += 1) {
      const { id } = fake.state.create('contacts', {});
      fake.state.associate('companies', '7000', 'contacts', id, { typeId: 280, backTypeId: 279 });
    }
    const { body } = await ask('GET', COMPANIES, { qs: { associations: 'contacts' } });
    const { contacts } = (
      body as { results: { associations: { contacts: { results: unknown[]; paging: unknown } } }[] }
    ).results[0]?.associations ?? { contacts: { results: [], paging: undefined } };
    expect([contacts.results.length, contacts.paging]).toEqual([100, expect.anything()]);
  });
});

describe('batch read', () => {
  const read = (ids: string[]): [string, string, { body: unknown }] => [
    'POST',
    `${COMPANIES}/batch/read`,
    { body: { inputs: ids.map((id) => ({ id })), properties: ['name'] } },
  ];

  it('answers every record once', async () => {
    const { ask } = await openFake(manyCompanies(3));
    const { status, body } = await ask(...read(['7000', '7002', '7000']));
    expect([status, body]).toMatchObject([
      200,
      { status: 'COMPLETE', results: [{ id: '7000' }, { id: '7002' }] },
    ]);
  });

  it('names ids that are not there in a 207, or refuses the whole batch', async () => {
    const { ask, fake } = await openFake(manyCompanies(2));
    const { status, body } = await ask(...read(['7000', '9999']));
    expect([status, body]).toMatchObject([
      207,
      {
        results: [{ id: '7000' }],
        numErrors: 1,
        errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['9999'] } }],
      },
    ]);
    fake.faults.unknownIds = '400';
    expect((await ask(...read(['7000', '9999']))).status).toBe(400);
  });

  it('answers a merged-away id with the record it was merged into', async () => {
    const { ask, fake } = await openFake(manyCompanies(3));
    fake.faults.mergeMakesNewId = true;
    const b = fake.state.merge('companies', '7001', '7000');
    const survivor = fake.state.merge('companies', '7002', b.id);
    for (const id of ['7000', '7001', '7002', b.id])
      expect(idsOf(await ask(...read([id])))).toEqual([survivor.id]);
    expect(survivor.properties['hs_merged_object_ids']?.split(';').toSorted()).toEqual(
      ['7000', '7001', '7002', b.id].toSorted(),
    );
  });

  it('takes a hundred ids, or fifty with history', async () => {
    const { ask } = await openFake(manyCompanies(1));
    const ids = Array.from({ length: 101 }, (_, n) => String(n));
    expect((await ask(...read(ids))).status).toBe(400);
    const inputs = ids.slice(0, 51).map((id) => ({ id }));
    const body = { inputs, propertiesWithHistory: ['name'] };
    expect((await ask('POST', `${COMPANIES}/batch/read`, { body })).status).toBe(400);
  });
});
