import { describe, expect, it } from 'vitest';
import { at, idsOf, manyCompanies, openFake } from './fake-client.ts';

const COMPANIES = '/crm/objects/2026-09/companies';

describe('search', () => {
  const search = (body: unknown): [string, string, { body: unknown }] => [
    'POST',
    `${COMPANIES}/search`,
    { body },
  ];
  const filtered = (...filters: unknown[]): { filterGroups: unknown[]; limit: number } => ({
    filterGroups: [{ filters }],
    limit: 200,
  });

  it.each([
    ['EQ', { value: '3' }, ['7003']],
    ['NEQ', { value: '3' }, ['7000', '7001', '7002', '7004', '7005']],
    ['GT', { value: '3' }, ['7004', '7005']],
    ['GTE', { value: '3' }, ['7003', '7004', '7005']],
    ['LT', { value: '2' }, ['7000', '7001']],
    ['LTE', { value: '2' }, ['7000', '7001', '7002']],
    ['BETWEEN', { value: '2', highValue: '4' }, ['7002', '7003', '7004']],
    ['IN', { values: ['1', '5'] }, ['7001', '7005']],
    ['NOT_IN', { values: ['1', '5'] }, ['7000', '7002', '7003', '7004']],
  ])('filters by %s', async (operator, given, expected) => {
    const { ask } = await openFake(manyCompanies(6));
    expect(idsOf(await ask(...search(filtered({ propertyName: 'seats', operator, ...given }))))).toEqual(
      expected,
    );
  });

  it('knows records with and without a value, and compares lists in lower case', async () => {
    const { ask } = await openFake({
      objects: { companies: [{ id: '1', properties: { plan: 'Gold' } }, { id: '2' }] },
    });
    const by = async (operator: string, values?: string[]): Promise<string[]> =>
      idsOf(await ask(...search(filtered({ propertyName: 'plan', operator, values }))));
    expect(await by('HAS_PROPERTY')).toEqual(['1']);
    expect(await by('NOT_HAS_PROPERTY')).toEqual(['2']);
    expect(await by('IN', ['gold'])).toEqual(['1']);
    expect(await by('IN', ['Gold'])).toEqual([]);
  });

  it('joins the filters of a group with and, and groups with or', async () => {
    const { ask } = await openFake(manyCompanies(6));
    const from = (value: string): unknown => ({ propertyName: 'seats', operator: 'GTE', value });
    const to = (value: string): unknown => ({ propertyName: 'seats', operator: 'LTE', value });
    const groups = [{ filters: [from('1'), to('2')] }, { filters: [from('5')] }];
    expect(idsOf(await ask(...search({ filterGroups: groups })))).toEqual(['7001', '7002', '7005']);
  });

  it('finds by the moment of the last change exactly the records between two moments', async () => {
    const { ask, fake } = await openFake(manyCompanies(100));
    fake.state.update('companies', '7050', { name: 'Changed' }, { at: at(20).getTime() });
    const name = 'hs_lastmodifieddate';
    const between = filtered(
      { propertyName: name, operator: 'GTE', value: String(at(19).getTime()) },
      { propertyName: name, operator: 'LT', value: String(at(22).getTime()) },
    );
    expect(idsOf(await ask(...search({ ...between, sorts: [name] })))).toEqual([
      '7019',
      '7020',
      '7050',
      '7021',
    ]);
  });

  it('finds nothing at all by the other modified date, for contacts and for all others', async () => {
    const { ask } = await openFake({ objects: { contacts: [{ id: '1' }], companies: [{ id: '2' }] } });
    const by = async (type: string, propertyName: string): Promise<string[]> =>
      idsOf(
        await ask('POST', `/crm/objects/2026-09/${type}/search`, {
          body: filtered({ propertyName, operator: 'GT', value: '0' }),
        }),
      );
    expect(await by('contacts', 'lastmodifieddate')).toEqual(['1']);
    expect(await by('contacts', 'hs_lastmodifieddate')).toEqual([]);
    expect(await by('companies', 'hs_lastmodifieddate')).toEqual(['2']);
    expect(await by('companies', 'lastmodifieddate')).toEqual([]);
  });

  it('sorts both ways and takes one sort only', async () => {
    const { ask } = await openFake(manyCompanies(3));
    const sorts = [{ propertyName: 'seats', direction: 'DESCENDING' }];
    expect(idsOf(await ask(...search({ sorts })))).toEqual(['7002', '7001', '7000']);
    expect((await ask(...search({ sorts: [...sorts, ...sorts] }))).status).toBe(400);
  });

  it('pages by a numeric offset and answers 400 beyond ten thousand results', async () => {
    const { ask } = await openFake(manyCompanies(10_050));
    const page = await ask(...search({ limit: 200, after: '9800', sorts: ['hs_object_id'] }));
    expect(page.body).toMatchObject({ total: 10_050, paging: { next: { after: '10000' } } });
    const beyond = await ask(...search({ limit: 200, after: '10000' }));
    expect([beyond.status, beyond.text]).toEqual([400, expect.stringContaining('10,000')]);
    expect((await ask(...search({ limit: 200, after: '9801' }))).status).toBe(400);
  });

  it.each([
    ['a page of more than 200', { limit: 201 }],
    ['an operator that does not exist', filtered({ propertyName: 'name', operator: 'LIKE', value: 'x' })],
    ['more than five groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: [] })) }],
    [
      'more than six filters in a group',
      filtered(...Array.from({ length: 7 }, () => ({ propertyName: 'name', operator: 'HAS_PROPERTY' }))),
    ],
    ['a cursor that is no number', { after: 'abc' }],
    [
      'a body of more than 3,000 characters',
      filtered({ propertyName: 'name', operator: 'EQ', value: 'x'.repeat(3000) }),
    ],
  ])('refuses %s', async (_, body) => {
    const { ask } = await openFake(manyCompanies(1));
    expect((await ask(...search(body))).status).toBe(400);
  });

  it('never finds archived, purged or merged-away records, and counts without them', async () => {
    const { ask, fake } = await openFake(manyCompanies(6));
    fake.state.archive('companies', '7000');
    fake.state.purge('companies', '7001');
    fake.state.merge('companies', '7002', '7003');
    fake.state.create('companies', { name: 'New' });
    const found = await ask(...search({ limit: 200 }));
    expect(idsOf(found)).toHaveLength(4);
    expect(idsOf(found)).toEqual(expect.arrayContaining(['7002', '7004', '7005']));
    expect(found.body).toMatchObject({ total: 4 });
    const count = await ask(...search({ limit: 1 }));
    expect(count.body).toMatchObject({ total: 4 });
    expect(idsOf(count)).toHaveLength(1);
  });

  it('compares ids as numbers or as text, as it is told', async () => {
    const ids = ['7198', '719869649082', '7199', '72'];
    const { ask, fake } = await openFake({ objects: { companies: ids.map((id) => ({ id })) } });
    const after72 = search({
      ...filtered({ propertyName: 'hs_object_id', operator: 'GT', value: '72' }),
      sorts: ['hs_object_id'],
    });
    expect(idsOf(await ask(...after72))).toEqual(['7198', '7199', '719869649082']);
    fake.faults.idOrder = 'text';
    expect(idsOf(await ask(...after72))).toEqual([]);
    expect(idsOf(await ask(...search({ sorts: ['hs_object_id'] })))).toEqual(ids);
  });
});
