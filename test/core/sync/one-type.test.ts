import { expect, it } from 'vitest';
import type { HubSpotPort } from '../../../src/core/hubspot-port.ts';
import { htmlPage } from '../../../src/demo/fake/replies.ts';
import type { FakeReply } from '../../../src/demo/fake/types.ts';
import { ids, rowsOf, windowsOf } from '../../support/sync-rows.ts';
import { contextOf, syncBench, type SyncBench } from '../../support/sync.ts';
import { BEYOND_LAG, caseBench, HOUR, manyRecords } from './cases/bench.ts';

const TYPES = ['companies', 'contacts', 'deals', 'tickets'];

function failing(bench: SyncBench, end: string, reply: FakeReply): void {
  bench.fake.faults.rules.push({
    match: ({ path }) => path.endsWith(end),
    fault: { do: 'reply', reply },
  });
}

it.each<[string, FakeReply, RegExp]>([
  ['a server that fails', htmlPage(502), /did not answer companies after 7 attempts/],
  ['an address that is not there', { status: 404, body: {} }, /does not know companies/],
  [
    'a request that is refused',
    { status: 400, body: { message: 'No.' } },
    /refused companies with 400: No\./,
  ],
])('%s costs the one record type, and the others are read, swept and linked', async (_, reply, sentence) => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  const { state, faults } = bench.fake;
  const [company = ''] = ids(bench, 'companies');
  const contact = ids(bench, 'contacts').at(-1) ?? '';
  const [deal = '', purged = ''] = ids(bench, 'deals');
  state.update('companies', company, { name: 'Edited' });
  state.update('deals', deal, { dealname: 'Edited' });
  state.associate('deals', deal, 'contacts', contact, { typeId: 3, backTypeId: 4 });
  state.purge('deals', purged);
  await bench.clock.advance(BEYOND_LAG);
  failing(bench, '/companies/search', reply);
  const result = await bench.sync();
  expect(result).toMatchObject({ state: 'failed', failedAt: 'hubspot' });
  expect(result.sentence).toMatch(sentence);
  const of = (type: string): unknown => result.types.find(({ objectType }) => objectType === type);
  expect(of('companies')).toMatchObject({ state: 'unfinished', reason: result.sentence, changed: 0 });
  expect(of('deals')).toMatchObject({ state: 'done', reason: null, swept: true, reconciled: 'complete' });
  expect(result.associations.changed).toBeGreaterThan(0);
  faults.rules.pop();
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
});

it('a sweep that fails costs its record type, and links that fail those of their type', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  failing(bench, '/objects/2026-09/contacts', htmlPage(502));
  failing(bench, '/associations/2026-09/companies/companies/batch/read', htmlPage(502));
  const result = await bench.sync({ sweep: 'all' });
  expect(result).toMatchObject({ state: 'failed', sentence: expect.stringMatching(/contacts/) as string });
  expect(result.types.filter(({ swept }) => swept).map(({ objectType }) => objectType)).toEqual([
    'companies',
    'deals',
    'tickets',
  ]);
  const whole = (await windowsOf(bench, 'links')).filter(
    (row) => row['run'] === result.run && row['finished_at'] !== null,
  );
  expect(whole.map((row) => row['object_type'])).toEqual(expect.arrayContaining(['deals', 'tickets']));
  expect(whole.map((row) => row['object_type'])).not.toContain('companies');
  bench.fake.faults.rules.splice(-2);
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
});

it.each([
  ['properties', '/properties/2026-09/companies', 'companies'],
  ['pipelines', '/pipelines/2026-09/deals', 'deals'],
])(
  '%s that cannot be read cost their type, which keeps what is known of it, and the others are read and linked',
  async (_, end, type) => {
    const bench = await syncBench({ accounts: 12, only: TYPES });
    await bench.sync();
    await bench.clock.advance(BEYOND_LAG);
    const { state, faults } = bench.fake;
    for (const one of ['companies', 'contacts', 'deals'])
      state.update(one, ids(bench, one)[0] ?? '', { [one === 'deals' ? 'dealname' : 'name']: 'Edited' });
    await bench.clock.advance(BEYOND_LAG);
    failing(bench, end, htmlPage(502));
    const result = await bench.sync();
    expect(result).toMatchObject({ state: 'failed', failedAt: 'hubspot' });
    expect(result.sentence).toMatch(/did not answer the (properties|pipelines) of \w+ after 7 attempts/);
    const others = TYPES.filter((one) => one !== type);
    const read = result.types.filter((one) => one.state === 'done').map(({ objectType }) => objectType);
    expect(read).toEqual(others);
    expect(result.types.find(({ objectType }) => objectType === type)).toMatchObject({
      state: 'unfinished',
      reason: result.sentence,
      changed: 0,
    });
    const edited = await rowsOf(bench, 'select distinct object_type from object_versions order by 1');
    expect(edited.map((row) => row['object_type'])).toEqual(
      ['companies', 'contacts', 'deals'].filter((one) => one !== type),
    );
    expect(await rowsOf(bench, 'from definition_versions')).toEqual([]);
    // Nothing of the links has to be read anew for it.
    expect(await rowsOf(bench, `from association_skipped where to_type = '${type}'`)).toEqual([]);
    faults.rules.pop();
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('owners and custom objects that cannot be listed stop no other type, and nothing of them is closed', async () => {
  const { source } = await syncBench({ accounts: 6, only: [] });
  const custom = source.schemas().map(({ objectTypeId }) => objectTypeId);
  expect(custom).toHaveLength(1);
  const bench = await syncBench({ source, only: [...TYPES, ...custom] });
  await bench.sync();
  await bench.clock.advance(BEYOND_LAG);
  bench.fake.state.update('contacts', ids(bench, 'contacts')[0] ?? '', { firstname: 'Edited' });
  await bench.clock.advance(BEYOND_LAG);
  failing(bench, '/crm-object-schemas/2026-09/schemas', htmlPage(502));
  failing(bench, '/owners/2026-09', htmlPage(502));
  const result = await bench.sync();
  expect(result).toMatchObject({
    state: 'failed',
    sentence: expect.stringMatching(/did not answer the custom objects/) as string,
    refused: [],
  });
  const of = (state: string): string[] =>
    result.types.filter((type) => type.state === state).map(({ objectType }) => objectType);
  expect([of('done'), of('unfinished')]).toEqual([TYPES, custom]);
  expect(await rowsOf(bench, 'from definition_versions')).toEqual([]);
  expect(await rowsOf(bench, `from sync_counts where object_type = '${custom[0] ?? ''}'`)).toHaveLength(1);
  bench.fake.faults.rules.splice(-2);
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
});

it('a list whose page names its own cursor as the next ends with a sentence', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(250), deals: manyRecords(3) } });
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  const circling: HubSpotPort = {
    ...hubspot,
    list: async (request, call) => {
      const page = await hubspot.list(request, call);
      return request.objectType === 'companies' && request.after !== undefined
        ? { ...page, after: request.after }
        : page;
    },
  };
  const result = await bench.sync({ hubspot: circling });
  expect(result).toMatchObject({
    state: 'failed',
    sentence:
      'HubSpot answers the same page of companies again and again. Nothing is lost; the next sync tries again.',
  });
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
});

it.each(['another', 'one and the same'])(
  'where search says that there is more and shows nothing, %s moment of each record, the list brings it',
  async (moment) => {
    const bench = await caseBench({ objects: { companies: manyRecords(450) } });
    const { fake, clock } = bench;
    await bench.sync();
    await clock.advance(24 * HOUR);
    const at = clock.now().getTime() - 2 * HOUR;
    for (const [n, { id }] of Array.from(fake.state.all('companies')).entries())
      fake.state.update(
        'companies',
        id,
        { name: `E ${n}` },
        { at: moment === 'another' ? at + n * 1000 : at },
      );
    // The first page comes; all behind it is empty.
    let pages = 0;
    const isLost = (body: unknown): boolean => JSON.stringify(body).includes('lastmodifieddate');
    fake.faults.rules.push({
      match: ({ path, body }) => path.endsWith('/companies/search') && isLost(body) && (pages += 1) > 1,
      fault: {
        do: 'reply',
        reply: { status: 200, body: { total: 450, results: [], paging: { next: { after: '200' } } } },
      },
    });
    expect(await bench.sync({ sweep: 'none' })).toMatchObject({ state: 'complete', sentence: null });
    fake.faults.rules.pop();
    expect(await bench.disagreements()).toEqual([]);
  },
);
