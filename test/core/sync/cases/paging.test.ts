import { expect, it } from 'vitest';
import type { HubSpotPort } from '../../../../src/core/hubspot-port.ts';
import { silentLog } from '../../../../src/core/log.ts';
import { createBudget } from '../../../../src/hubspot/budget.ts';
import { openHubSpot } from '../../../../src/hubspot/open.ts';
import { ANCHOR, contextOf, type SyncBench } from '../../../support/sync.ts';
import {
  BEYOND_LAG,
  caseBench,
  countingClient,
  HOUR,
  manyRecords,
  MINUTE,
  pagingFilters,
  requests,
  rowsOf,
  searchBodies,
  valueOf,
} from './bench.ts';
import { countedSource, type CountedSource } from './counted-source.ts';

/** When what a grown source brings was modified: some hours after the first sync, before the next. */
const LATER = ANCHOR.getTime() + 2 * HOUR;

/** A bench that has synced an empty portal, into which so many records then came. */
async function grown(source: CountedSource, count: number): Promise<SyncBench> {
  const bench = await caseBench(source);
  await bench.sync();
  await bench.clock.advance(24 * HOUR);
  source.grow(count);
  bench.fake.log.length = 0;
  return bench;
}

it('25,001 contacts that were modified all arrive, and no search asks beyond the first ten thousand', async () => {
  const bench = await grown(
    countedSource('contacts', (n) => LATER + n * 1000),
    25_001,
  );
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(
    await valueOf(bench, `select count(distinct id)::integer from objects where object_type = 'contacts'`),
  ).toBe(25_001);
  expect(await valueOf(bench, 'select count(*)::integer from object_versions')).toBe(0);
  expect(searchBodies(bench, 'contacts').filter(({ after }) => after !== undefined)).toEqual([]);
  expect(requests(bench, '/contacts/search').filter(({ status }) => status !== 200)).toEqual([]);
});

it('12,345 contacts with one and the same millisecond all arrive, with eighty searches at most', async () => {
  const bench = await grown(
    countedSource('contacts', () => LATER),
    12_345,
  );
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(
    await valueOf(bench, `select count(distinct id)::integer from objects where object_type = 'contacts'`),
  ).toBe(12_345);
  expect(searchBodies(bench, 'contacts').length).toBeLessThanOrEqual(80);
});

it('of 30,200 matches none comes more than twice, and every page keeps the filter of the page before or a later one', async () => {
  // Three of them share each second: the pages end in the middle of one.
  const bench = await grown(
    countedSource('contacts', (n) => LATER + Math.floor(n / 3) * 1000),
    30_200,
  );
  const { hubspot, fetched } = countingClient(bench, 'contacts');
  await bench.sync({ hubspot });
  expect(fetched.size).toBe(30_200);
  expect(Math.max(...fetched.values())).toBeLessThanOrEqual(2);
  const from = pagingFilters(bench, 'contacts').map((filter) => {
    const [, value] = /^lastmodifieddate GTE (\d+)$/.exec(filter) ?? [];
    return Number(value);
  });
  expect(from.length).toBeGreaterThan(150);
  expect(from).toEqual(from.toSorted((a, b) => a - b));
  expect(from[0]).toBeGreaterThan(0);
});

it('a page that is short or empty and says that there is more is not taken for the end, whatever its cursor looks like', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(450) } });
  bench.fake.faults.opaqueCursors = true;
  bench.fake.faults.shortPages = (page) => [25, 100, 0][page % 3] ?? 0;
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  await bench.clock.advance(24 * HOUR);
  for (const [n, { id }] of Array.from(bench.fake.state.all('companies')).entries())
    bench.fake.state.update('companies', id, { name: `Edited ${n}` }, { at: LATER + n * 1000 });
  bench.fake.faults.shortPages = (page) => [50, 200, 0][page % 3] ?? 0;
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
});

it.each(['the list', 'a search'])(
  '%s that answers nothing but empty pages ends with a sentence',
  async (what) => {
    const bench = await caseBench({ objects: { companies: manyRecords(450) } });
    if (what === 'a search') {
      await bench.sync();
      await bench.clock.advance(24 * HOUR);
      for (const { id } of Array.from(bench.fake.state.all('companies')))
        bench.fake.state.update('companies', id, { name: 'Edited' }, { at: LATER });
    }
    bench.fake.faults.shortPages = () => 200;
    bench.fake.log.length = 0;
    expect(await bench.sync()).toMatchObject({
      state: 'failed',
      sentence:
        'HubSpot keeps answering empty pages of companies. Nothing is lost; the next sync tries again.',
    });
    expect(bench.fake.log.length).toBeLessThan(120);
    bench.fake.faults.shortPages = null;
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
  },
);

it.each(['number', 'text', 'mixed'] as const)(
  'ids of every length in one millisecond all land when search takes them for %s',
  async (idOrder) => {
    const ids = ['72', '7198', '7199', '719869649082', ...manyRecords(500, 71_900).map(({ id }) => id)];
    const bench = await caseBench({
      objects: { deals: ids.map((id) => ({ id, properties: { name: 'A' } })) },
    });
    bench.fake.faults.idOrder = idOrder;
    await bench.sync();
    await bench.clock.advance(24 * HOUR);
    for (const id of ids) bench.fake.state.update('deals', id, { name: 'B' }, { at: LATER });
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('nine thousand rows of which two are edited every second are all there at their newest version after two runs', async () => {
  const bench = await grown(
    countedSource('contacts', (n) => LATER + n * 1000),
    9000,
  );
  const { fake, clock } = bench;
  // Three searches a second, so that the virtual clock moves as HubSpot's would.
  const hubspot = openHubSpot({
    apiUrl: fake.url,
    accessToken: () => Promise.resolve('demo-token'),
    budget: createBudget({ clock, limits: { search: 3, burst: 5000 } }),
    clock,
    log: silentLog,
  });
  let edits = 0;
  const begin = clock.now().getTime();
  fake.faults.betweenRequests = ({ path }) => {
    if (!path.endsWith('/contacts/search')) return;
    for (; edits < (2 * (clock.now().getTime() - begin)) / 1000; edits += 1)
      fake.state.update('contacts', String(1_000_000 + ((edits * 7919) % 9000)), {
        email: `edit${edits}@many.example`,
      });
  };
  await bench.sync({ hubspot });
  fake.faults.betweenRequests = null;
  expect(edits).toBeGreaterThan(20);
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
});

it('a row that is edited behind the first load, before another on its last page is, comes with the next run', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(950) } });
  let pages = 0;
  bench.fake.faults.betweenRequests = ({ path, query }) => {
    if (!path.endsWith('/objects/2026-09/companies') || query.get('archived') === 'true') return;
    pages += 1;
    const { clock, fake } = bench;
    void clock.advance(1000);
    if (pages === 5) fake.state.update('companies', '7000', { name: 'Edited behind the reader' });
    if (pages === 9) fake.state.update('companies', '7949', { name: 'Edited before the reader' });
  };
  await bench.sync();
  expect(pages).toBe(10);
  const names = `select properties ->> 'name' from objects where id in ('7000', '7949') order by id`;
  expect(await rowsOf(bench, names)).toEqual([['Record 0'], ['Edited before the reader']]);
  await bench.sync();
  expect(await rowsOf(bench, names)).toEqual([['Edited behind the reader'], ['Edited before the reader']]);
});

it('the cursor of a first load that was stopped goes on in the list and never into a search', async () => {
  // Two segments and more: the second waits for the first, with which the run is stopped.
  const bench = await caseBench({ objects: { companies: manyRecords(4300) } });
  bench.fake.faults.opaqueCursors = true;
  const stop = new AbortController();
  let segments = 0;
  const stopped = await bench.sync({
    signal: stop.signal,
    failpoint: (step) => {
      if (step === 'segment-renamed') segments += 1; // the first holds the definitions
      if (step === 'segment-committed' && segments > 1) stop.abort(new Error('stop'));
    },
  });
  expect(stopped.state).toBe('stopped');
  const [cursor] = (
    await rowsOf(bench, `select listed_to from sync_state where object_type = 'companies'`)
  ).flat();
  expect(cursor).toMatch(/^c/);
  bench.fake.log.length = 0;
  await bench.sync();
  const first = requests(bench, '/objects/2026-09/companies').find(
    ({ query }) => !query.includes('archived='),
  );
  expect(new URLSearchParams(first?.query).get('after')).toBe(cursor);
  await bench.clock.advance(24 * HOUR);
  await bench.sync();
  expect(searchBodies(bench, 'companies').length).toBeGreaterThan(0);
  expect(searchBodies(bench, 'companies').filter(({ after }) => after !== undefined)).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
});

it('a record outside of what was asked for is taken and leads past nothing, be it older or younger', async () => {
  for (const stray of ['older', 'younger', 'younger than the run'] as const) {
    const bench = await caseBench({ objects: { companies: manyRecords(901) } });
    const { fake, clock } = bench;
    await bench.sync();
    await clock.advance(24 * HOUR);
    for (let n = 0; n < 900; n += 1)
      fake.state.update('companies', String(7000 + n), { name: `Edited ${n}` }, { at: LATER + n * 1000 });
    if (stray === 'younger')
      fake.state.update('companies', '7900', { name: 'Young' }, { at: LATER + 9 * HOUR });
    if (stray === 'younger than the run') fake.state.update('companies', '7900', { name: 'Younger' });
    fake.faults.strays = ['7900'];
    expect(await bench.sync(), stray).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements(), stray).toEqual([]);
  }
});

it('a stray among more rows of one millisecond than a page holds neither ends the walk nor stops it', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(701) } });
  await bench.sync();
  await bench.clock.advance(24 * HOUR);
  for (let n = 0; n < 700; n += 1)
    bench.fake.state.update('companies', String(7000 + n), { name: `Edited ${n}` }, { at: LATER });
  bench.fake.faults.strays = ['7700'];
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
  expect(searchBodies(bench, 'companies').length).toBeLessThan(15);
});

it('the pages of a search go by the property that it sorts, whatever other moment a record carries', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(900) } });
  const { fake, clock, warehouse } = bench;
  await bench.sync();
  await clock.advance(24 * HOUR);
  for (let n = 0; n < 900; n += 1)
    fake.state.update('companies', String(7000 + n), { name: `Edited ${n}` }, { at: LATER + n * 1000 });
  const { hubspot } = contextOf(fake.url, warehouse, clock);
  const carrying: HubSpotPort = {
    ...hubspot,
    search: async (request, call) => {
      const page = await hubspot.search(request, call);
      const drifted = (text: string): string => new Date(Date.parse(text) + 5 * MINUTE).toISOString();
      return {
        ...page,
        results: page.results.map((record) => ({ ...record, updatedAt: drifted(record.updatedAt) })),
      };
    },
  };
  expect(await bench.sync({ hubspot: carrying })).toMatchObject({ state: 'complete' });
  const edited = `select count(*)::integer from objects where properties ->> 'name' like 'Edited %'`;
  expect(await valueOf(bench, edited)).toBe(900);
});

it('a tail that search shows in no order leads past nothing', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(900) } });
  const { fake, clock } = bench;
  fake.faults.outOfOrderMs = 10 * MINUTE;
  await bench.sync();
  for (let round = 0; round < 4; round += 1) {
    await clock.advance(8 * MINUTE);
    const now = clock.now().getTime();
    for (let n = 0; n < 450; n += 1)
      fake.state.update(
        'companies',
        String(7000 + ((round * 173 + n) % 900)),
        { name: `Round ${round}` },
        { at: now - n * 1000 },
      );
    expect(await bench.sync(), `round ${round}`).toMatchObject({ state: 'complete' });
  }
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
});
