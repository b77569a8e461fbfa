import { expect, it } from 'vitest';
import type { PropertyDefinition } from '../../../../src/core/hubspot-port.ts';
import { memorySource } from '../../../../src/demo/fake/memory-source.ts';
import { ANCHOR } from '../../../support/sync.ts';
import { BEYOND_LAG, caseBench, manyRecords, pagingFilters, rowsOf, stagedRows } from './bench.ts';

function defined(name: string, more: Partial<PropertyDefinition> = {}): PropertyDefinition {
  return {
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'test',
    calculated: false,
    options: [],
    ...more,
  };
}

/** So many names of sixty characters and more. */
function longNames(count: number): string[] {
  return Array.from(
    { length: count },
    (_, n) => `property_with_a_name_of_some_sixty_characters_and_a_number_${n}`,
  );
}

it('no record mixes two versions or is lost when it is edited, archived or merged between its list and its body', async () => {
  const names = longNames(400);
  const values = (value: string): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, value]));
  const bench = await caseBench({
    objects: { companies: manyRecords(20).map((record) => ({ ...record, properties: values('old') })) },
  });
  const { fake, clock } = bench;
  let batches = 0;
  fake.faults.betweenRequests = ({ path }) => {
    if (!path.endsWith('/companies/batch/read')) return;
    batches += 1;
    if (batches > 1) return;
    fake.state.update('companies', '7001', values('new'));
    fake.state.archive('companies', '7002');
    fake.state.merge('companies', '7004', '7003');
  };
  await bench.sync();
  const [first = '', last = ''] = [names[0], names.at(-1)];
  const mixed = `select id from objects where (properties ->> '${first}') is distinct from (properties ->> '${last}')`;
  expect(await rowsOf(bench, mixed)).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await rowsOf(bench, mixed)).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
});

it('a type with 1,650 properties brings every one of every record', async () => {
  const names = longNames(1650);
  const bench = await caseBench({
    objects: {
      companies: manyRecords(130).map((record, n) => ({
        ...record,
        properties: Object.fromEntries(names.map((name, k) => [name, `${n}/${k}`])),
      })),
    },
  });
  bench.fake.faults.longestUrl = 8000;
  await bench.sync();
  expect(bench.fake.log.filter(({ status }) => status === 414)).toEqual([]);
  expect(
    await rowsOf(
      bench,
      `select len(json_keys(properties)) as names, count(*)::integer from objects group by all`,
    ),
  ).toEqual([[BigInt(1650 + 3), 130]]); // and the record's own id and two dates
  expect(await bench.disagreements()).toEqual([]);
});

it('a number that becomes a text keeps its older versions, and the text is there as it was written', async () => {
  const mrr = defined('mrr', { type: 'number', fieldType: 'number' });
  const bench = await caseBench({
    objects: { deals: [{ id: '1', properties: { mrr: '1200.50' } }] },
    properties: { deals: [mrr] },
  });
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.definitions.put('deals', { ...mrr, type: 'string', fieldType: 'text', hasUniqueValue: false });
  fake.state.update('deals', '1', { mrr: 'N/A' });
  await clock.advance(BEYOND_LAG);
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await rowsOf(bench, `select properties ->> 'mrr' from object_versions`)).toEqual([['1200.50']]);
  expect(await rowsOf(bench, `select properties ->> 'mrr' from objects`)).toEqual([['N/A']]);
  const types = `select document ->> 'type' from (from definition_versions union all by name from definitions) where id = 'mrr' order by known_from`;
  expect(await rowsOf(bench, types)).toEqual([['number'], ['string']]);
  expect(await bench.disagreements()).toEqual([]);
});

it('a value that is cleared is none, not an empty text', async () => {
  const bench = await caseBench({
    objects: { deals: [{ id: '1', properties: { closedate: '2026-03-31T00:00:00Z' } }] },
  });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  bench.fake.state.update('deals', '1', { closedate: '' });
  await bench.clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await rowsOf(bench, `select properties ->> 'closedate' from objects`)).toEqual([[null]]);
  expect(await rowsOf(bench, `select properties ->> 'closedate' from object_versions`)).toEqual([
    ['2026-03-31T00:00:00Z'],
  ]);
});

it.each(['deals', 'tickets'])(
  'when a record of %s came to a stage and left it is there, though no list of properties names it',
  async (type) => {
    const entered = {
      hs_v2_date_entered_1049659850: '2026-02-01T10:00:00Z',
      hs_v2_date_exited_1049659850: '2026-02-05T10:00:00Z',
    };
    const bench = await caseBench({
      objects: { [type]: [{ id: '1', properties: { name: 'A', ...entered } }] },
      properties: { [type]: [defined('name')] },
      pipelines: {
        [type]: [
          {
            id: 'p',
            label: 'Pipeline',
            archived: false,
            stages: [{ id: '1049659850', label: 'Stage', displayOrder: 0, archived: false, metadata: {} }],
          },
        ],
      },
    });
    await bench.sync();
    const [name, moved] = Object.entries(entered);
    const read = `select properties ->> '${name?.[0]}', properties ->> '${moved?.[0]}' from objects`;
    expect(await rowsOf(bench, read)).toEqual([[name?.[1], moved?.[1]]]);
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('names that differ in one letter’s case, or only behind their sixty-third letter, are different values', async () => {
  const shared = 'a'.repeat(70);
  const properties = { plan: 'lower', Plan: 'upper', [`${shared}_one`]: 'one', [`${shared}_two`]: 'two' };
  const bench = await caseBench({ objects: { companies: [{ id: '1', properties }] } });
  await bench.sync();
  expect(
    await rowsOf(
      bench,
      `select properties ->> 'plan', properties ->> 'Plan', properties ->> '${shared}_one', properties ->> '${shared}_two' from objects`,
    ),
  ).toEqual([['lower', 'upper', 'one', 'two']]);
});

it('a close date picked on an evening in Arizona is that calendar day, in whichever form HubSpot writes it', async () => {
  // Half past six in the evening of 15 March in Phoenix; a date without a time is the midnight of UTC.
  const written = ['2026-03-16T01:30:00Z', '2026-03-15', String(Date.UTC(2026, 2, 15))];
  const portal = memorySource({
    anchor: ANCHOR,
    objects: { deals: written.map((closedate, n) => ({ id: String(n), properties: { closedate } })) },
  });
  const bench = await caseBench({ ...portal, timeZone: 'America/Phoenix' });
  await bench.sync();
  const days = `select as_day(properties ->> 'closedate')::varchar from objects order by id`;
  expect(await stagedRows(bench, days)).toEqual([['2026-03-15'], ['2026-03-15'], ['2026-03-15']]);
});

it('contacts are searched by lastmodifieddate and all others by hs_lastmodifieddate, and changes of each arrive', async () => {
  const types = ['companies', 'contacts', 'deals', 'tickets', 'notes'];
  const bench = await caseBench({ objects: Object.fromEntries(types.map((type) => [type, manyRecords(2)])) });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  for (const type of types) bench.fake.state.update(type, '7000', { name: 'Changed' });
  await bench.clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  for (const type of types) {
    const name = type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
    const filters = pagingFilters(bench, type);
    expect(filters.length, type).toBeGreaterThan(0);
    for (const filter of filters) expect(filter, type).toMatch(new RegExp(`^${name} `));
  }
});
