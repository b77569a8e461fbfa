import { describe, expect, it } from 'vitest';
import { OBJECTS, openFake, SMALL_PORTAL } from './fake-client.ts';

describe('properties and groups', () => {
  const path = '/crm/properties/2026-09/companies';
  const property = {
    groupName: 'holdfast',
    name: 'hf_score',
    label: 'Score',
    type: 'number',
    fieldType: 'number',
  };

  it('are created once; the second time is a conflict', async () => {
    const { ask } = await openFake(SMALL_PORTAL);
    const group = { name: 'holdfast', label: 'Holdfast', displayOrder: 5 };
    expect((await ask('POST', path, { body: property })).status).toBe(400);
    expect((await ask('POST', `${path}/groups`, { body: group })).body).toMatchObject({
      ...group,
      archived: false,
    });
    expect((await ask('POST', `${path}/groups`, { body: group })).status).toBe(409);
    expect((await ask('POST', path, { body: property })).status).toBe(201);
    expect((await ask('POST', path, { body: property })).status).toBe(409);
    expect((await ask('GET', `${path}/hf_score`)).body).toMatchObject({ ...property, hasUniqueValue: false });
    const changed = await ask('PATCH', `${path}/hf_score`, { body: { label: 'Health' } });
    expect(changed.body).toMatchObject({ ...property, label: 'Health' });
  });

  it('can be written from then on, and no longer once they are archived', async () => {
    const { ask } = await openFake(SMALL_PORTAL);
    const inputs = [{ ...property, groupName: 'companyinformation' }];
    expect((await ask('POST', `${path}/batch/create`, { body: { inputs } })).status).toBe(201);
    const write = async (): Promise<number> =>
      (await ask('PATCH', `${OBJECTS}/companies/101`, { body: { properties: { hf_score: '7' } } })).status;
    expect(await write()).toBe(200);
    expect((await ask('DELETE', `${path}/hf_score`)).status).toBe(204);
    expect(await write()).toBe(400);
    expect((await ask('GET', `${path}/hf_score`)).status).toBe(404);
  });

  it.each([
    ['a name with capitals', { name: 'HfScore' }],
    ['a kind that does not exist', { type: 'money' }],
    ['a choice without options', { type: 'enumeration', fieldType: 'select' }],
  ])('are refused with %s', async (_, wrong) => {
    const { ask } = await openFake(SMALL_PORTAL);
    const body = { ...property, groupName: 'companyinformation', ...wrong };
    expect((await ask('POST', path, { body })).status).toBe(400);
  });
});
