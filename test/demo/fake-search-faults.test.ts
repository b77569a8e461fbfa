import { describe, expect, it } from 'vitest';
import {
  allPages,
  at,
  DAY_MS,
  idsOf,
  manyCompanies,
  MINUTE_MS,
  nextOf,
  NOW,
  openFake,
  type Asker,
} from './fake-client.ts';

const COMPANIES = '/crm/objects/2026-09/companies';
const BY_DATE = [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }];
const since = (second: number): unknown => ({
  propertyName: 'hs_lastmodifieddate',
  operator: 'GTE',
  value: String(at(second).getTime()),
});

async function search({ ask }: Asker, body: Record<string, unknown>): Promise<string[]> {
  return idsOf(await ask('POST', `${COMPANIES}/search`, { body: { limit: 200, ...body } }));
}

describe('the switches of search', () => {
  it('an out-of-order tail: what was modified just now comes in no order, all before it in the order of its dates', async () => {
    const asker = await openFake(manyCompanies(12));
    asker.fake.faults.outOfOrderMs = NOW.getTime() - at(3).getTime();
    const inOrder = Array.from({ length: 12 }, (_, n) => String(7000 + n));
    const found = await search(asker, { filterGroups: [{ filters: [since(0)] }], sorts: BY_DATE });
    expect(found.slice(0, 4)).toEqual(inOrder.slice(0, 4));
    expect(found).not.toEqual(inOrder);
    expect(found.toSorted()).toEqual(inOrder);
    await asker.clock.advance(DAY_MS);
    expect(await search(asker, { filterGroups: [{ filters: [since(0)] }], sorts: BY_DATE })).toEqual(inOrder);
  });

  it('strays: a record outside of what was asked for lies in the middle of the page', async () => {
    const asker = await openFake(manyCompanies(8));
    asker.fake.faults.strays = ['7001'];
    expect(await search(asker, { filterGroups: [{ filters: [since(4)] }], sorts: BY_DATE })).toEqual([
      '7004',
      '7005',
      '7001',
      '7006',
      '7007',
    ]);
  });

  it('ids in mixed order are sorted as text and compared as numbers', async () => {
    const ids = ['72', '7198', '7199', '719869649082'];
    const asker = await openFake({ objects: { companies: ids.map((id) => ({ id })) } });
    const above = { propertyName: 'hs_object_id', operator: 'GT', value: '7198' };
    const sorts = [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }];
    const orders = {
      number: ['7199', '719869649082'],
      text: ['719869649082', '7199', '72'],
      mixed: ['719869649082', '7199'],
    };
    for (const idOrder of ['number', 'text', 'mixed'] as const) {
      asker.fake.faults.idOrder = idOrder;
      expect(await search(asker, { filterGroups: [{ filters: [above] }], sorts }), idOrder).toEqual(
        orders[idOrder],
      );
    }
  });
});

it('opaque cursors lead through the list all the same, and a search refuses them', async () => {
  const asker = await openFake(manyCompanies(5));
  asker.fake.faults.opaqueCursors = true;
  const first = await asker.ask('GET', COMPANIES, { qs: { limit: '3' } });
  const after = nextOf(first) ?? '';
  expect(after).toMatch(/^c/);
  expect(idsOf(await asker.ask('GET', COMPANIES, { qs: { limit: '3', after } }))).toEqual(['7003', '7004']);
  expect((await asker.ask('POST', `${COMPANIES}/search`, { body: { after } })).status).toBe(400);
});

it('pages of a few rows say that there is more, in the list and in a search', async () => {
  const asker = await openFake(manyCompanies(5));
  asker.fake.faults.pageRows = 2;
  expect(await allPages(asker, COMPANIES, { limit: '100' })).toEqual([
    ['7000', '7001'],
    ['7002', '7003'],
    ['7004'],
  ]);
  const page = await asker.ask('POST', `${COMPANIES}/search`, { body: { limit: 200 } });
  expect([idsOf(page), nextOf(page)]).toEqual([['7000', '7001'], '2']);
});

// The range that a sync asks page after page has a shorter way through the fake than every other query.
it('a page by date is the same, with the same total, by the short way and by the long one', async () => {
  const asker = await openFake(manyCompanies(60));
  const { fake, ask, clock } = asker;
  fake.faults.indexLagMs = MINUTE_MS;
  fake.state.archive('companies', '7005');
  fake.state.update('companies', '7010', { name: 'Edited' });
  fake.state.merge('companies', '7020', '7021');
  fake.state.purge('companies', '7030');
  fake.state.create('companies', { name: 'New' });
  fake.state.update('companies', '7011', { name: 'At the same moment' }, { at: at(40).getTime() });
  for (const lagIsOver of [false, true]) {
    if (lagIsOver) await clock.advance(2 * MINUTE_MS);
    for (const [from, limit, after] of [
      [0, 200, '0'],
      [8, 7, '0'],
      [8, 7, '7'],
      [39, 3, '0'],
      [59, 10, '0'],
    ] as const) {
      const group = { filters: [since(from)] };
      const asked = (groups: unknown[]): ReturnType<typeof ask> =>
        ask('POST', `${COMPANIES}/search`, { body: { filterGroups: groups, sorts: BY_DATE, limit, after } });
      expect((await asked([group])).body, `${from} ${limit} ${after}`).toEqual(
        (await asked([group, group])).body,
      );
    }
  }
});
