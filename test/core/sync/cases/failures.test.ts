import { expect, it } from 'vitest';
import { htmlPage } from '../../../../src/demo/fake/replies.ts';
import type { Fault } from '../../../../src/demo/fake/types.ts';
import { BEYOND_LAG, caseBench, HOUR, manyRecords, rowsOf } from './bench.ts';

it('a used-up daily quota is met by those requests only that were under way, and the next run goes on where this one stopped', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(4500), deals: manyRecords(300) } });
  const { fake, clock } = bench;
  fake.limits.change({ daily: 60 });
  const stopped = await bench.sync();
  expect(stopped).toMatchObject({ state: 'stopped', resumesAt: '2026-03-01T23:00:00Z' }); // midnight in Berlin
  expect(stopped.sentence).toMatch(/daily quota .* goes on after 2026-03-01T23:00:00Z/);
  const refused = fake.log.findIndex(({ status }) => status === 429);
  expect(fake.log.filter(({ status }) => status === 200)).toHaveLength(60);
  // Four types are read side by side: each may have asked before it heard of the refusal.
  expect(fake.log.length - refused).toBeLessThanOrEqual(4);
  const [listed] = await rowsOf(bench, `select listed_to from sync_state where object_type = 'companies'`);
  expect(Number(listed?.[0])).toBeGreaterThan(7000);
  await clock.advance(14 * HOUR);
  fake.limits.change({ daily: null });
  fake.log.length = 0;
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  const lists = fake.log.filter(
    ({ path, query }) => path.endsWith('/objects/2026-09/companies') && !query.includes('archived=true'),
  );
  expect(lists.length).toBeLessThan(45);
  expect(await bench.disagreements()).toEqual([]);
});

it.each<[string, Fault]>([
  ['an error page 520', { do: 'reply', reply: htmlPage(520) }],
  ['an error page 524', { do: 'reply', reply: htmlPage(524) }],
  ['a body cut off on the way', { do: 'cut' }],
  ['a connection that was reset', { do: 'reset' }],
  ['a record that is locked', { do: 'reply', reply: { status: 423, body: { message: 'locked' } } }],
  [
    'an account that is being moved',
    { do: 'reply', reply: { status: 477, headers: { 'retry-after': '30' }, body: {} } },
  ],
])('%s in the middle of every kind of read costs another request and nothing else', async (_, fault) => {
  const portal = { companies: manyRecords(150), contacts: manyRecords(3, 90) };
  const bench = await caseBench({ objects: portal });
  const { fake, clock } = bench;
  fake.state.archive('companies', '7001');
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.state.restore('companies', '7001');
  fake.state.update('companies', '7002', { name: 'Edited' });
  await clock.advance(BEYOND_LAG);
  const met = new Set<string>();
  // Each kind of request fails the first time it is made.
  fake.faults.rules = [
    {
      fault,
      match: ({ method, path }) => {
        const kind = `${method} ${path}`;
        const isFirst = !met.has(kind);
        met.add(kind);
        return isFirst;
      },
    },
  ];
  const result = await bench.sync();
  expect(result).toMatchObject({ state: 'complete' });
  expect(result.retries).toBe(met.size);
  for (const end of [
    '/companies',
    '/companies/search',
    '/objects/2026-09/companies/batch/read',
    '/companies/companies/batch/read',
  ])
    expect(
      [...met].some((kind) => kind.endsWith(end)),
      end,
    ).toBe(true);
  expect(await bench.disagreements()).toEqual([]);
});
