import { expect, it } from 'vitest';
import { BEYOND_LAG, caseBench, manyRecords, requests, rowsOf, stagedRows } from './bench.ts';

it('a deal that is put into the recycle bin is marked with its moment, and one that is taken out lives again', async () => {
  const bench = await caseBench({ objects: { deals: manyRecords(3) } });
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  const before = fake.state.get('deals', '7001')?.updatedAt;
  fake.state.archive('deals', '7001');
  const archivedAt = clock.now().toISOString();
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  const state = `select archived, strftime(archived_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') from objects where id = '7001'`;
  expect(await rowsOf(bench, state)).toEqual([[true, archivedAt]]);
  expect(fake.state.get('deals', '7001')?.updatedAt).toBe(before);
  expect(await bench.disagreements()).toEqual([]);
  fake.state.restore('deals', '7001');
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await rowsOf(bench, state)).toEqual([[false, null]]);
  expect(await rowsOf(bench, 'select id, archived from object_versions order by known_from')).toEqual([
    ['7001', false],
    ['7001', true],
  ]);
  expect(await bench.disagreements()).toEqual([]);
});

// Where each merged-away id leads, as the tables built on the mirror see it.
const SURVIVORS = `select loser, winner from merges_known(getvariable('known_at')) order by loser`;

it('of a chain of merges whose survivor has a new id only that one lives, with the links of all, and every other leads to it', async () => {
  const ids = ['101', '102', '103'];
  const bench = await caseBench({
    objects: {
      companies: ids.map((id) => ({ id, properties: { name: `Company ${id}` } })),
      contacts: ids.map((id) => ({ id: `9${id}`, properties: { email: `${id}@merged.example` } })),
    },
    associations: ids.map((id) => ({
      from: ['contacts', `9${id}`] as const,
      to: ['companies', id] as const,
      typeId: 279,
      backTypeId: 280,
    })),
  });
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.state.merge('companies', '102', '101');
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  fake.faults.mergeMakesNewId = true;
  const { id } = fake.state.merge('companies', '103', '102');
  for (const contact of Array.from(fake.state.all('contacts')))
    fake.state.update('contacts', contact.id, { jobtitle: 'Looked at' });
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, `select id from objects where object_type = 'companies'`)).toEqual([[id]]);
  expect(await rowsOf(bench, 'select from_id, to_id from associations order by from_id')).toEqual(
    ids.map((one) => [`9${one}`, id]),
  );
  expect(await stagedRows(bench, SURVIVORS)).toEqual(ids.map((one) => [one, id]));
  const history = `select distinct id, properties ->> 'name' from object_versions where object_type = 'companies' order by id`;
  expect(await rowsOf(bench, history)).toEqual(ids.map((one) => [one, `Company ${one}`]));
});

it('asked for a record that was merged away HubSpot answers with another one, which is kept under its own id', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(3) } });
  const { fake, clock } = bench;
  fake.state.archive('companies', '7001');
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  // Out of the bin, so that the sync asks for it by its id, and merged away before that.
  fake.state.restore('companies', '7001');
  fake.state.merge('companies', '7002', '7001');
  await clock.advance(BEYOND_LAG);
  fake.log.length = 0;
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(requests(bench, '/objects/2026-09/companies/batch/read').length).toBeGreaterThan(0);
  expect(await bench.disagreements()).toEqual([]);
  expect(await stagedRows(bench, SURVIVORS)).toEqual([['7001', '7002']]);
});

it.each(['207', '400'] as const)(
  'of a hundred records that left the recycle bin ninety-nine are back and the one that is gone is closed (%s)',
  async (unknownIds) => {
    const records = manyRecords(100);
    const bench = await caseBench({ objects: { companies: records } });
    const { fake, clock } = bench;
    fake.faults.unknownIds = unknownIds;
    for (const { id } of records) fake.state.archive('companies', id);
    await bench.sync();
    await clock.advance(BEYOND_LAG);
    for (const { id } of records) fake.state.restore('companies', id);
    fake.state.purge('companies', '7042');
    await clock.advance(BEYOND_LAG);
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
    expect(
      await rowsOf(bench, 'select count(*)::integer, count(*) filter (archived)::integer from objects'),
    ).toEqual([[99, 0]]);
    expect(await rowsOf(bench, `select archived from object_versions where id = '7042'`)).toEqual([[true]]);
  },
);
