import { describe, expect, it } from 'vitest';
import { idsOf, MINUTE_MS, NOW, OBJECTS, openFake, readOne, record, SMALL_PORTAL } from './fake-client.ts';

describe('one record', () => {
  it('is created with 201, and then seen by list, search and batch read', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const made = await asker.ask('POST', `${OBJECTS}/companies`, {
      body: { properties: { name: 'Third', seats: 5 } },
    });
    expect(made.status).toBe(201);
    const { id } = record(made);
    expect(record(made).properties).toMatchObject({ name: 'Third', seats: '5', hs_object_id: id });
    expect(idsOf(await asker.ask('GET', `${OBJECTS}/companies`))).toEqual(['101', '102', id]);
    expect(record(await readOne(asker, 'companies', id, 'hs_object_source_id')).properties).toMatchObject({
      hs_object_source_id: '4711',
    });
    const filters = [{ propertyName: 'name', operator: 'EQ', value: 'Third' }];
    const found = await asker.ask('POST', `${OBJECTS}/companies/search`, {
      body: { filterGroups: [{ filters }] },
    });
    expect(idsOf(found)).toEqual([id]);
    expect(
      idsOf(await asker.ask('POST', `${OBJECTS}/companies/batch/read`, { body: { inputs: [{ id }] } })),
    ).toEqual([id]);
  });

  it('moves its modified date when it is changed, and tells the app as the author', async () => {
    const asker = await openFake(SMALL_PORTAL);
    await asker.clock.advance(MINUTE_MS);
    const changed = await asker.ask('PATCH', `${OBJECTS}/companies/101`, {
      body: { properties: { seats: '9' } },
    });
    const later = new Date(NOW.getTime() + MINUTE_MS).toISOString();
    expect([changed.status, record(changed).updatedAt]).toEqual([200, later]);
    expect(record(changed).properties).toMatchObject({ seats: '9', hs_lastmodifieddate: later });
    const { body } = await asker.ask('GET', `${OBJECTS}/companies/101`, {
      qs: { propertiesWithHistory: 'seats' },
    });
    expect(body).toMatchObject({
      propertiesWithHistory: {
        seats: [{ value: '9', timestamp: later, sourceType: 'INTEGRATION', sourceId: '4711' }],
      },
    });
    expect(record(await readOne(asker, 'companies', '102', 'name')).updatedAt).not.toBe(later);
  });

  it('loses a value that is set to nothing', async () => {
    const asker = await openFake(SMALL_PORTAL);
    await asker.ask('PATCH', `${OBJECTS}/companies/101`, { body: { properties: { seats: '' } } });
    expect(record(await readOne(asker, 'companies', '101', 'seats')).properties['seats']).toBeNull();
  });

  it('is archived with 204, twice if need be, without moving its modified date', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const before = record(await readOne(asker, 'companies', '101')).updatedAt;
    expect((await asker.ask('DELETE', `${OBJECTS}/companies/101`)).status).toBe(204);
    expect((await asker.ask('DELETE', `${OBJECTS}/companies/101`)).status).toBe(204);
    expect((await readOne(asker, 'companies', '101')).status).toBe(404);
    const gone = await asker.ask('GET', `${OBJECTS}/companies/101`, { qs: { archived: 'true' } });
    expect(record(gone)).toMatchObject({ id: '101', archived: true, updatedAt: before });
    const late = await asker.ask('PATCH', `${OBJECTS}/companies/101`, {
      body: { properties: { name: 'x' } },
    });
    expect(late.status).toBe(404);
  });

  it.each([
    ['an unknown property', { nonsense: 'x' }, 'PROPERTY_DOESNT_EXIST'],
    ['a number that is none', { seats: 'many' }, 'INVALID_INTEGER'],
    ['an option that does not exist', { plan: 'silver' }, 'INVALID_OPTION'],
    ['a calculated property', { score: '3' }, 'READ_ONLY_VALUE'],
    ['its own id', { hs_object_id: '3' }, 'READ_ONLY_VALUE'],
    ['a value that is too long', { name: 'x'.repeat(65_537) }, 'VALUE_TOO_LONG'],
  ])('refuses %s and stays as it was', async (_, properties, code) => {
    const asker = await openFake(SMALL_PORTAL);
    const refused = await asker.ask('PATCH', `${OBJECTS}/companies/101`, { body: { properties } });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ category: 'VALIDATION_ERROR', errors: [{ code }] });
    expect(record(await readOne(asker, 'companies', '101', 'name,seats')).properties).toMatchObject({
      name: 'First',
      seats: '3',
    });
  });

  it('refuses a contact whose e-mail address is taken, and names the other', async () => {
    const { ask } = await openFake(SMALL_PORTAL);
    const taken = await ask('POST', `${OBJECTS}/contacts`, {
      body: { properties: { email: 'ADA@first.example' } },
    });
    expect([taken.status, taken.body]).toMatchObject([
      409,
      { message: 'Contact already exists. Existing ID: 201' },
    ]);
  });

  it('refuses a body that is no JSON', async () => {
    const { fake } = await openFake(SMALL_PORTAL);
    const response = await fetch(`${fake.url}${OBJECTS}/companies`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fake.oauth.staticToken}`, 'content-type': 'application/json' },
      body: '{"properties":',
    });
    expect([response.status, await response.json()]).toMatchObject([400, { message: 'Invalid input JSON' }]);
  });
});

describe('a note or a task', () => {
  it('is created together with its associations', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const made = await asker.ask('POST', `${OBJECTS}/notes`, {
      body: {
        properties: { hs_timestamp: NOW.toISOString(), hs_note_body: '<p>Left for the price</p>' },
        associations: [
          { to: { id: '101' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 190 }] },
          { to: { id: '201' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }] },
        ],
      },
    });
    expect(made.status).toBe(201);
    const links = await asker.ask('GET', `${OBJECTS}/companies/101/associations/notes`);
    expect(links.body).toMatchObject({
      results: [{ toObjectId: record(made).id, associationTypes: [{ typeId: 189, label: null }] }],
    });
  });

  it.each([
    ['without its time', { properties: { hs_note_body: 'x' } }],
    [
      'with the number of another direction',
      {
        properties: { hs_timestamp: '1' },
        associations: [{ to: { id: '101' }, types: [{ associationTypeId: 189 }] }],
      },
    ],
    [
      'to a record that is not there',
      {
        properties: { hs_timestamp: '1' },
        associations: [{ to: { id: '999' }, types: [{ associationTypeId: 190 }] }],
      },
    ],
  ])('is refused %s, and nothing is left behind', async (_, body) => {
    const asker = await openFake(SMALL_PORTAL);
    expect((await asker.ask('POST', `${OBJECTS}/notes`, { body })).status).toBe(400);
    expect([...asker.fake.state.all('notes')]).toEqual([]);
  });
});
