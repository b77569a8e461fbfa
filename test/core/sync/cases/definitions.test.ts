import { expect, it } from 'vitest';
import type { Owner, Pipeline } from '../../../../src/core/hubspot-port.ts';
import { readLedger } from '../../../../src/core/sync/ledger-document.ts';
import { memorySource } from '../../../../src/demo/fake/memory-source.ts';
import { missingScope } from '../../../../src/demo/fake/replies.ts';
import { ANCHOR } from '../../../support/sync.ts';
import { BEYOND_LAG, caseBench, rowsOf } from './bench.ts';

const ADA: Owner = {
  id: '31',
  userId: 9031,
  email: 'ada@vendor.example',
  firstName: 'Ada',
  lastName: 'Berg',
  archived: false,
};
const SALES: Pipeline = {
  id: 'sales',
  label: 'Sales',
  archived: false,
  stages: [
    { id: 'offer', label: 'Offer made', displayOrder: 0, archived: false, metadata: {} },
    { id: 'won', label: 'Won', displayOrder: 1, archived: false, metadata: { isClosed: 'true' } },
  ],
};

it('an owner who is deactivated stays known, with the user they were, so that what they own still has a name', async () => {
  let owners = [ADA];
  const portal = memorySource({
    anchor: ANCHOR,
    objects: { companies: [{ id: '1', properties: { hubspot_owner_id: '31' } }] },
  });
  const bench = await caseBench({ ...portal, owners: () => owners });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  owners = [{ ...ADA, archived: true }];
  await bench.sync();
  expect(
    await rowsOf(
      bench,
      `select d.document ->> 'firstName', d.document ->> 'userId', d.document ->> 'archived'
       from objects o join definitions d on d.kind = 'owner' and d.id = (o.properties ->> 'hubspot_owner_id')`,
    ),
  ).toEqual([['Ada', '9031', 'true']]);
  expect(await bench.disagreements()).toEqual([]);
});

it('custom objects named like something of HubSpot’s own are kept apart from it', async () => {
  const bench = await caseBench({
    owners: [ADA],
    schemas: ['owners', 'form_submissions', 'companies_'].map((name, n) => ({
      objectTypeId: `2-${n + 1}`,
      name,
      labels: { singular: name, plural: name },
    })),
    objects: {
      companies: [{ id: '1', properties: { name: 'A company' } }],
      '2-1': [{ id: '1', properties: { name: 'A custom owner' } }],
      '2-2': [{ id: '1', properties: { name: 'A custom submission' } }],
      '2-3': [{ id: '1', properties: { name: 'A custom company' } }],
    },
  });
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await rowsOf(bench, `select object_type, properties ->> 'name' from objects order by all`)).toEqual([
    ['2-1', 'A custom owner'],
    ['2-2', 'A custom submission'],
    ['2-3', 'A custom company'],
    ['companies', 'A company'],
  ]);
  expect(await rowsOf(bench, `select id from definitions where kind = 'owner'`)).toEqual([['31']]);
  expect(await bench.disagreements()).toEqual([]);
});

const USES = { objectTypeId: '2-1', name: 'uses', labels: { singular: 'Use', plural: 'Uses' } };

it('custom objects whose schemas are kept from us are said to be left out, and owners and pipelines too', async () => {
  const bench = await caseBench({
    schemas: [USES],
    objects: { companies: [{ id: '1' }], '2-1': [{ id: '1' }] },
  });
  expect(await bench.sync()).toMatchObject({ state: 'complete', refused: [] });
  await bench.clock.advance(BEYOND_LAG);
  for (const [part, scope] of [
    ['/schemas', 'crm.schemas.custom.read'],
    ['/owners', 'crm.objects.owners.read'],
    ['/pipelines/', 'crm.objects.deals.read'],
  ] as const)
    bench.fake.faults.rules.push({
      match: ({ path }) => path.includes(part),
      fault: { do: 'reply', reply: missingScope(scope, 0) },
    });
  const { types, refused } = await bench.sync();
  expect(types.find((type) => type.objectType === '2-1')).toMatchObject({
    label: 'Uses',
    state: 'skipped',
    reason: expect.stringMatching(/crm\.schemas\.custom\.read/),
  });
  for (const scope of [/crm\.schemas\.custom\.read/, /crm\.objects\.owners\.read/, /pipelines.*deals/])
    expect(refused).toContainEqual(expect.stringMatching(scope));
  bench.fake.faults.rules.splice(-3);
  const granted = await bench.sync();
  expect(granted.refused).toEqual([]);
  expect(granted.types.find((type) => type.objectType === '2-1')).toMatchObject({ state: 'done' });
});

it('a custom object that HubSpot no longer has leaves the ledger, and its records stay known', async () => {
  let schemas = [USES];
  const portal = memorySource({
    anchor: ANCHOR,
    schemas,
    objects: { companies: [{ id: '1' }], '2-1': [{ id: '1' }] },
  });
  const bench = await caseBench({ ...portal, schemas: () => schemas });
  const counted = async (): Promise<string[]> =>
    (await readLedger(bench.warehouse)).types.map((type) => type.objectType);
  await bench.sync();
  expect(await counted()).toEqual(['2-1', 'companies']);
  await bench.clock.advance(BEYOND_LAG);
  schemas = [];
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await counted()).toEqual(['companies']);
  expect(await rowsOf(bench, `select id from objects where object_type = '2-1'`)).toEqual([['1']]);
});

it('a pipeline or a stage that is deleted keeps its label for the records of then', async () => {
  let pipelines = [SALES];
  const portal = memorySource({
    anchor: ANCHOR,
    objects: { deals: [{ id: '1', properties: { pipeline: 'sales', dealstage: 'offer' } }] },
  });
  const bench = await caseBench({ ...portal, pipelines: (type) => (type === 'deals' ? pipelines : []) });
  const labels = `
    select d.document ->> 'label', list_filter(from_json(d.document -> 'stages', '[{"id": "VARCHAR", "label": "VARCHAR"}]'),
      lambda stage: stage.id = (o.properties ->> 'dealstage'))[1].label
    from objects o
    join (from definition_versions union all by name select *, null as known_to from definitions) d
      on d.kind = 'pipeline' and d.id = (o.properties ->> 'pipeline')
    order by d.known_from limit 1`;
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  pipelines = [{ ...SALES, stages: SALES.stages.slice(1) }];
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, labels)).toEqual([['Sales', 'Offer made']]);
  await bench.clock.advance(BEYOND_LAG);
  pipelines = [];
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, `select id from definitions where kind = 'pipeline'`)).toEqual([]);
  expect(await rowsOf(bench, labels)).toEqual([['Sales', 'Offer made']]);
});
