import { describe, expect, it } from 'vitest';
import { OBJECTS, openFake, readOne, record, SMALL_PORTAL, type Answered } from './fake-client.ts';

describe('a batch', () => {
  it('creates with 201', async () => {
    const { ask, fake } = await openFake(SMALL_PORTAL);
    const inputs = ['Third', 'Fourth'].map((name) => ({ properties: { name } }));
    const made = await ask('POST', `${OBJECTS}/companies/batch/create`, { body: { inputs } });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        status: 'COMPLETE',
        results: [{ properties: { name: 'Third' } }, { properties: { name: 'Fourth' } }],
      },
    ]);
    expect([...fake.state.all('companies')]).toHaveLength(4);
  });

  it('updates with 200, and with 207 when an id is not there', async () => {
    const asker = await openFake(SMALL_PORTAL);
    const inputs = [
      { id: '101', properties: { seats: '11' } },
      { id: '999', properties: { seats: '12' } },
    ];
    const done = await asker.ask('POST', `${OBJECTS}/companies/batch/update`, { body: { inputs } });
    expect([done.status, done.body]).toMatchObject([
      207,
      { results: [{ id: '101' }], errors: [{ context: { ids: ['999'] } }] },
    ]);
    expect(record(await readOne(asker, 'companies', '101', 'seats')).properties['seats']).toBe('11');
    const whole = await asker.ask('POST', `${OBJECTS}/companies/batch/update`, {
      body: { inputs: inputs.slice(0, 1) },
    });
    expect(whole.status).toBe(200);
  });

  it('fails as a whole for one bad input, unless every input carries a trace id', async () => {
    const { ask, fake } = await openFake(SMALL_PORTAL);
    const inputs = [{ properties: { seats: 'many' } }, { properties: { name: 'Fine' } }];
    expect((await ask('POST', `${OBJECTS}/companies/batch/create`, { body: { inputs } })).status).toBe(400);
    expect([...fake.state.all('companies')]).toHaveLength(2);
    const traced = inputs.map((input, n) => ({ ...input, objectWriteTraceId: `row-${n}` }));
    const done = await ask('POST', `${OBJECTS}/companies/batch/create`, { body: { inputs: traced } });
    expect([done.status, done.body]).toMatchObject([
      207,
      {
        results: [{ objectWriteTraceId: 'row-1' }],
        errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['row-0'] } }],
      },
    ]);
    expect([...fake.state.all('companies')]).toHaveLength(3);
  });

  it('upserts by a unique property and says which records are new', async () => {
    const { ask, fake } = await openFake(SMALL_PORTAL);
    const property = {
      groupName: 'companyinformation',
      name: 'hf_key',
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      hasUniqueValue: true,
    };
    expect((await ask('POST', '/crm/properties/2026-09/companies', { body: property })).status).toBe(201);
    const upsert = (ids: string[], seats: string): Promise<Answered> =>
      ask('POST', `${OBJECTS}/companies/batch/upsert`, {
        body: { inputs: ids.map((id) => ({ id, idProperty: 'hf_key', properties: { seats } })) },
      });
    expect((await upsert(['a'], '1')).body).toMatchObject({
      results: [{ new: true, properties: { hf_key: 'a', seats: '1' } }],
    });
    expect((await upsert(['a', 'b'], '2')).body).toMatchObject({ results: [{ new: false }, { new: true }] });
    expect([...fake.state.all('companies')].map((one) => one.properties['seats'])).toEqual([
      '3',
      undefined,
      '2',
      '2',
    ]);
    const notUnique = await ask('POST', `${OBJECTS}/companies/batch/upsert`, {
      body: { inputs: [{ id: 'First', idProperty: 'name', properties: {} }] },
    });
    expect(notUnique.status).toBe(400);
  });

  it('archives with 204, whatever was there', async () => {
    const { ask, fake } = await openFake(SMALL_PORTAL);
    const inputs = [{ id: '101' }, { id: '999' }];
    expect((await ask('POST', `${OBJECTS}/companies/batch/archive`, { body: { inputs } })).status).toBe(204);
    expect([...fake.state.all('companies')].map((one) => one.id)).toEqual(['102']);
  });

  it.each(['create', 'update', 'upsert', 'archive'])(
    'of more than a hundred is refused: %s',
    async (verb) => {
      const { ask } = await openFake(SMALL_PORTAL);
      const inputs = Array.from({ length: 101 }, () => ({
        id: '101',
        idProperty: 'hs_object_id',
        properties: {},
      }));
      expect((await ask('POST', `${OBJECTS}/companies/batch/${verb}`, { body: { inputs } })).status).toBe(
        400,
      );
    },
  );
});
