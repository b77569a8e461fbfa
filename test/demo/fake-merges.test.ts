import { describe, expect, it } from 'vitest';
import {
  idsOf,
  OBJECTS,
  openFake,
  readOne,
  record,
  SMALL_PORTAL,
  type Answered,
  type Asker,
} from './fake-client.ts';

describe('a merge', () => {
  const merge = ({ ask }: Asker, primaryObjectId: string, objectIdToMerge: string): Promise<Answered> =>
    ask('POST', `${OBJECTS}/companies/merge`, { body: { primaryObjectId, objectIdToMerge } });

  it('leaves one record with the properties and associations of both; the other is nowhere', async () => {
    const asker = await openFake({
      ...SMALL_PORTAL,
      associations: [{ from: ['companies', '102'], to: ['contacts', '202'], typeId: 280, backTypeId: 279 }],
    });
    const done = await merge(asker, '101', '102');
    expect([done.status, record(done).id]).toEqual([200, '101']);
    expect(asker.fake.state.get('companies', '101')?.properties).toMatchObject({
      name: 'First',
      hs_merged_object_ids: '102',
    });
    expect(record(await readOne(asker, 'companies', '102')).id).toBe('101');
    expect(idsOf(await asker.ask('GET', `${OBJECTS}/companies`))).toEqual(['101']);
    expect(idsOf(await asker.ask('GET', `${OBJECTS}/companies`, { qs: { archived: 'true' } }))).toEqual([]);
    expect((await asker.ask('GET', `${OBJECTS}/companies/101/associations/contacts`)).body).toMatchObject({
      results: [{ toObjectId: '202' }],
    });
  });

  it('may give the survivor a new id', async () => {
    const asker = await openFake(SMALL_PORTAL);
    asker.fake.faults.mergeMakesNewId = true;
    const { id } = record(await merge(asker, '101', '102'));
    expect(['101', '102']).not.toContain(id);
    for (const old of ['101', '102']) expect(record(await readOne(asker, 'companies', old)).id).toBe(id);
  });

  it('is refused with itself and with what is not there', async () => {
    const asker = await openFake(SMALL_PORTAL);
    expect((await merge(asker, '101', '101')).status).toBe(400);
    expect((await merge(asker, '101', '999')).status).toBe(404);
    await merge(asker, '101', '102');
    expect((await merge(asker, '101', '102')).status).toBe(400);
  });
});

describe('an erasure', () => {
  const erase = ({ ask }: Asker, body: unknown): Promise<Answered> =>
    ask('POST', `${OBJECTS}/contacts/gdpr-delete`, { body });

  it('leaves nothing of a contact, neither live nor archived nor linked', async () => {
    const asker = await openFake({
      ...SMALL_PORTAL,
      associations: [{ from: ['companies', '101'], to: ['contacts', '201'], typeId: 280, backTypeId: 279 }],
    });
    expect((await erase(asker, { objectId: '201' })).status).toBe(204);
    expect((await erase(asker, { objectId: 'bram@second.example', idProperty: 'email' })).status).toBe(204);
    for (const archived of ['false', 'true'])
      expect(idsOf(await asker.ask('GET', `${OBJECTS}/contacts`, { qs: { archived } }))).toEqual([]);
    expect((await asker.ask('GET', `${OBJECTS}/companies/101/associations/contacts`)).body).toMatchObject({
      results: [],
    });
    const batch = await asker.ask('POST', `${OBJECTS}/contacts/batch/read`, {
      body: { inputs: [{ id: '201' }] },
    });
    expect(batch.status).toBe(207);
  });

  it('answers 404 for an unknown id, and blocks an unknown address without a word', async () => {
    const asker = await openFake(SMALL_PORTAL);
    expect((await erase(asker, { objectId: '999' })).status).toBe(404);
    expect((await erase(asker, { objectId: 'nobody@x.example', idProperty: 'email' })).status).toBe(204);
  });
});
