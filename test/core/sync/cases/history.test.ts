import { expect, it } from 'vitest';
import type { HubSpotPort } from '../../../../src/core/hubspot-port.ts';
import type { SyncContext } from '../../../../src/core/sync/context.ts';
import type { MemoryRecord } from '../../../../src/demo/fake/memory-source.ts';
import { APP_ID } from '../../../../src/demo/fake/types.ts';
import { contextOf, type SyncBench } from '../../../support/sync.ts';
import { BEYOND_LAG, caseBench, manyRecords, requests, rowsOf, valueOf } from './bench.ts';

const STAGES: Partial<SyncContext> = {
  appId: String(APP_ID),
  historyOf: () => Promise.resolve({ deals: ['dealstage'], companies: [] }),
};
const TOLD = `select id, value, source_type, source_id, by_us from property_versions order by id, valid_from`;
const COUNT = 'select count(*)::integer from property_versions';

/** Deals that came to their stage when they were made. */
function dealsInStage(count: number): MemoryRecord[] {
  return manyRecords(count).map((record) => ({
    ...record,
    properties: { name: 'A deal', dealstage: 'offer' },
    history: {
      dealstage: [
        {
          value: 'offer',
          at: record.createdAt?.getTime() ?? 0,
          sourceType: 'CRM_UI',
          sourceId: null,
          userId: 1,
        },
      ],
    },
  }));
}

/** The reads with history, each with how many ids it named. */
function historyReads(bench: SyncBench): unknown[] {
  return requests(bench, '/objects/2026-09/deals/batch/read')
    .filter(({ query }) => query !== 'archived=true') // what the bin was asked for
    .map(({ body }) => body);
}

/** A HubSpot that remembers only the last value of each property. */
function forgetful(bench: SyncBench): HubSpotPort {
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  return {
    ...hubspot,
    batchRead: async (request, call) => {
      const { results, missing } = await hubspot.batchRead(request, call);
      const last = results.map((record) => ({
        ...record,
        propertiesWithHistory: Object.fromEntries(
          Object.entries(record.propertiesWithHistory ?? {}).map(([name, versions]) => [
            name,
            versions.slice(0, 1),
          ]),
        ),
      }));
      return { results: last, missing };
    },
  };
}

it('the history of a property is read again without a double, and stays when HubSpot remembers less', async () => {
  const bench = await caseBench({ objects: { deals: dealsInStage(1) } });
  const { fake, clock } = bench;
  await bench.sync(STAGES);
  await clock.advance(BEYOND_LAG);
  fake.state.update('deals', '7000', { dealstage: 'won' });
  await clock.advance(BEYOND_LAG);
  fake.state.update('deals', '7000', { dealstage: '' }, { by: 'app' });
  await bench.sync(STAGES);
  const told = [
    ['7000', 'offer', 'CRM_UI', null, false],
    ['7000', 'won', 'CRM_UI', null, false],
    ['7000', null, 'INTEGRATION', String(APP_ID), true],
  ];
  expect(await rowsOf(bench, TOLD)).toEqual(told);
  for (const hubspot of [undefined, forgetful(bench)]) {
    await clock.advance(BEYOND_LAG);
    fake.state.update('deals', '7000', { name: `Read again at ${clock.now().getTime()}` });
    fake.log.length = 0;
    await bench.sync({ ...STAGES, ...(hubspot === undefined ? {} : { hubspot }) });
    expect(historyReads(bench)).toEqual([{ inputs: 1 }]);
    expect(await rowsOf(bench, TOLD)).toEqual(told);
  }
});

it('history is read fifty records a call, of those that changed and of no others, and of all when it is to tell of another property', async () => {
  const bench = await caseBench({ objects: { deals: dealsInStage(120) } });
  const { fake, clock } = bench;
  await bench.sync(STAGES);
  expect(historyReads(bench)).toEqual([{ inputs: 50 }, { inputs: 50 }, { inputs: 20 }]);
  expect(await valueOf(bench, COUNT)).toBe(120);
  await clock.advance(BEYOND_LAG);
  fake.log.length = 0;
  await bench.sync(STAGES);
  expect(historyReads(bench)).toEqual([]);
  fake.state.update('deals', '7003', { dealstage: 'won' });
  fake.state.archive('deals', '7004');
  await clock.advance(BEYOND_LAG);
  await bench.sync(STAGES);
  expect(historyReads(bench)).toEqual([{ inputs: 1 }]);
  expect(await valueOf(bench, COUNT)).toBe(121);
  fake.log.length = 0;
  await bench.sync({ ...STAGES, historyOf: () => Promise.resolve({ deals: ['dealstage', 'name'] }) });
  expect(historyReads(bench)).toEqual([{ inputs: 50 }, { inputs: 50 }, { inputs: 19 }]);
  expect(await valueOf(bench, COUNT)).toBe(121);
});

it('a record that goes while its history is read costs the others nothing, and who set a value is open without our number', async () => {
  for (const unknownIds of ['207', '400'] as const) {
    const bench = await caseBench({ objects: { deals: dealsInStage(8) } });
    const { fake } = bench;
    fake.faults.unknownIds = unknownIds;
    let isFirst = true;
    fake.faults.betweenRequests = ({ path }) => {
      if (!isFirst || !path.endsWith('/deals/batch/read')) return;
      isFirst = false;
      fake.state.purge('deals', '7001');
      fake.state.merge('deals', '7003', '7002');
    };
    expect(await bench.sync({ ...STAGES, appId: null })).toMatchObject({ state: 'complete' });
    expect(isFirst).toBe(false);
    expect(await rowsOf(bench, `select id, by_us from property_versions order by id`)).toEqual(
      ['7000', '7003', '7004', '7005', '7006', '7007'].map((id) => [id, null]),
    );
  }
});

it('a failure in the middle of it keeps what came before and goes on there', async () => {
  const bench = await caseBench({ objects: { deals: dealsInStage(1100) } });
  const { fake } = bench;
  let reads = 0;
  fake.faults.rules = [
    {
      match: ({ path }) => path.endsWith('/deals/batch/read') && (reads += 1) > 20,
      fault: { do: 'reply', reply: { status: 503, body: {} } },
    },
  ];
  expect(await bench.sync(STAGES)).toMatchObject({ state: 'failed' });
  expect(await valueOf(bench, COUNT)).toBe(1000);
  fake.faults.rules = [];
  fake.log.length = 0;
  expect(await bench.sync(STAGES)).toMatchObject({ state: 'complete' });
  expect(historyReads(bench)).toEqual([{ inputs: 50 }, { inputs: 50 }]);
  expect(await valueOf(bench, COUNT)).toBe(1100);
});
