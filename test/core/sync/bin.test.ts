import { expect, it } from 'vitest';
import type { HubSpotPort } from '../../../src/core/hubspot-port.ts';
import { contextOf, type SyncBench } from '../../support/sync.ts';
import { BEYOND_LAG, caseBench, HOUR, manyRecords, MINUTE, requests, rowsOf } from './cases/bench.ts';

function binPages(bench: SyncBench): number {
  return requests(bench, '/objects/2026-09/companies').filter(({ query }) => query.includes('archived=true'))
    .length;
}

function bodies(bench: SyncBench): unknown[] {
  return requests(bench, '/objects/2026-09/companies/batch/read').map(({ body }) => body);
}

it('of a bin that is read again only those records are asked for that were not known as they lie there', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(200) } });
  const { fake, clock } = bench;
  for (let n = 0; n < 150; n += 1) fake.state.archive('companies', String(7000 + n));
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.log.length = 0;
  const quiet = await bench.sync();
  expect([binPages(bench), bodies(bench)]).toEqual([2, []]);
  expect(quiet.types.find(({ objectType }) => objectType === 'companies')?.read).toBe(0);
  expect(requests(bench, '/companies').every(({ query }) => !query.includes('properties='))).toBe(true);
  fake.state.restore('companies', '7003');
  fake.state.archive('companies', '7160');
  fake.state.restore('companies', '7004');
  await clock.advance(MINUTE);
  fake.state.archive('companies', '7004');
  await clock.advance(BEYOND_LAG);
  fake.log.length = 0;
  await bench.sync();
  // two that lie there anew, and one that was taken out
  expect(bodies(bench)).toEqual([{ inputs: 1 }, { inputs: 1 }, { inputs: 1 }]);
  expect(await bench.disagreements()).toEqual([]);
});

it('a bin of more than five pages is read once an hour, and at once where the counts differ', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(620) } });
  const { fake, clock } = bench;
  for (let n = 0; n < 600; n += 1) fake.state.archive('companies', String(7000 + n));
  await bench.sync();
  const pagesOfNext = async (): Promise<number> => {
    fake.log.length = 0;
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
    return binPages(bench);
  };
  await clock.advance(BEYOND_LAG);
  expect(await pagesOfNext()).toBe(0);
  fake.state.archive('companies', '7610');
  await clock.advance(BEYOND_LAG);
  expect(await pagesOfNext()).toBe(7);
  fake.state.restore('companies', '7000');
  await clock.advance(BEYOND_LAG);
  expect(await pagesOfNext()).toBe(6);
  await clock.advance(HOUR);
  expect(await pagesOfNext()).toBe(6);
  expect(await rowsOf(bench, `from sync_windows where pass = 'sweep'`)).toEqual([]);
});

it('a large bin is not read with less than half of the daily quota left', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(620) } });
  const { fake, clock } = bench;
  for (let n = 0; n < 600; n += 1) fake.state.archive('companies', String(7000 + n));
  await bench.sync();
  await clock.advance(2 * HOUR);
  fake.log.length = 0;
  fake.limits.change({ daily: 60 });
  await bench.sync({ hubspot: withQuotaLeft(bench, 20) });
  expect(binPages(bench)).toBe(0);
  await bench.sync({ hubspot: withQuotaLeft(bench, 50) });
  expect(binPages(bench)).toBe(6);
});

function withQuotaLeft({ fake, warehouse, clock }: SyncBench, dailyRemaining: number): HubSpotPort {
  const { hubspot } = contextOf(fake.url, warehouse, clock);
  return { ...hubspot, usage: () => ({ ...hubspot.usage(), dailyLimit: 60, dailyRemaining }) };
}

it('a record that was merged and lies in the bin as well is closed once', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(5) } });
  const { fake, warehouse, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.state.merge('companies', '7001', '7002');
  const { hubspot } = contextOf(fake.url, warehouse, clock);
  const at = clock.now().toISOString();
  const binned = {
    id: '7002',
    properties: { name: 'Record 2' },
    createdAt: at,
    updatedAt: at,
    archived: true,
    archivedAt: at,
  };
  const withLoser: HubSpotPort = {
    ...hubspot,
    list: async (request, call) => {
      const page = await hubspot.list(request, call);
      return request.archived === true ? { ...page, results: [...page.results, binned] } : page;
    },
    batchRead: async (request, call) => {
      const read = await hubspot.batchRead(request, call);
      const isAsked = request.archived === true && request.ids.includes('7002');
      return isAsked ? { ...read, results: [...read.results, binned] } : read;
    },
  };
  const closings: unknown[] = [];
  for (let run = 0; run < 4; run += 1) {
    await clock.advance(BEYOND_LAG);
    await bench.sync({ hubspot: withLoser, sweep: run === 2 ? 'all' : 'due' });
    closings.push(await rowsOf(bench, `select count(*)::integer from object_versions where id = '7002'`));
  }
  expect(closings).toEqual([closings[0], closings[0], closings[0], closings[0]]);
  expect(await rowsOf(bench, 'select id, reason, merged_into from tombstones')).toEqual([
    ['7002', 'merged', '7001'],
  ]);
});
