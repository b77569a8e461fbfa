import { expect, it } from 'vitest';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { demoInputs } from '../../support/book.ts';
import { someMarts } from '../../support/marts.ts';
import { ids, rowsOf } from '../../support/sync-rows.ts';
import { syncBench, type SyncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
const TYPES = ['companies', 'contacts', 'deals', 'tickets'];
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

const STONES = 'select object_type, id, reason, merged_into from tombstones order by object_type, id';

async function syncs(bench: SyncBench, sweep: 'due' | 'all' = 'due'): Promise<void> {
  await bench.clock.advance(20 * MINUTE);
  expect((await bench.sync({ sweep })).state).toBe('complete');
  await bench.clock.advance(20 * MINUTE);
}

it('a record that was merged leaves a tombstone that says into which, one that is gone says purged, one in the bin leaves none', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await syncs(bench);
  const { state } = bench.fake;
  const [winner = '', loser = '', binned = ''] = ids(bench, 'companies').slice(4);
  const [contact = '', fromBin = ''] = ids(bench, 'contacts');
  state.merge('companies', winner, loser);
  state.archive('companies', binned);
  state.purge('contacts', contact);
  state.archive('contacts', fromBin);
  await syncs(bench, 'all');
  state.purge('contacts', fromBin);
  await syncs(bench);
  expect(await rowsOf(bench, STONES)).toEqual([
    { object_type: 'companies', id: loser, reason: 'merged', merged_into: winner },
    { object_type: 'contacts', id: contact, reason: 'purged', merged_into: null },
    { object_type: 'contacts', id: fromBin, reason: 'purged', merged_into: null },
  ]);
  expect(
    await rowsOf(bench, `select archived from objects where object_type = 'companies' and id = '${binned}'`),
  ).toEqual([{ archived: true }]);
  expect(await bench.disagreements()).toEqual([]);
});

it('a chain of merges whose survivors get new ids leads from every link of it to the one that lives', async () => {
  for (const between of ['a sync between the merges', 'both merges at once']) {
    const bench = await syncBench({ accounts: 12, only: TYPES });
    bench.fake.faults.mergeMakesNewId = true;
    await syncs(bench);
    const [a = '', b = '', c = ''] = ids(bench, 'companies').slice(4);
    const first = bench.fake.state.merge('companies', b, a);
    if (between.startsWith('a sync')) await syncs(bench);
    const last = bench.fake.state.merge('companies', first.id, c);
    await syncs(bench);
    expect(await bench.disagreements(), between).toEqual([]);
    const inputs = demoInputs(bench.clock.now());
    const { company_list: list = [] } = await someMarts(bench.warehouse, inputs, ['company_list']);
    for (const id of [a, b, c])
      expect(
        list.find((row) => row['company_id'] === id),
        `${between}: ${id}`,
      ).toMatchObject({
        state: 'merged',
        merged_into: last.id,
      });
  }
});

it('a company whose survivor is gone itself is still told as merged, and as it was known before', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await syncs(bench);
  const before = demoInputs(bench.clock.now());
  const said = await someMarts(bench.warehouse, before, ['company_list']);
  const [winner = '', loser = ''] = ids(bench, 'companies').slice(4);
  bench.fake.state.merge('companies', winner, loser);
  await syncs(bench);
  bench.fake.state.purge('companies', winner);
  await syncs(bench, 'all');
  const now = demoInputs(bench.clock.now());
  const { company_list: list = [] } = await someMarts(bench.warehouse, now, ['company_list']);
  const row = (id: string): unknown => list.find((one) => one['company_id'] === id);
  expect(row(loser)).toMatchObject({ state: 'merged', merged_into: winner });
  expect(row(winner)).toMatchObject({ state: 'gone', merged_into: null });
  expect(await someMarts(bench.warehouse, before, ['company_list'])).toEqual(said);
});

it('a record that comes back from nowhere takes its tombstone away, and when it stood stays known', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await syncs(bench);
  const [contact = ''] = ids(bench, 'contacts');
  bench.fake.state.archive('contacts', contact);
  const { rules } = bench.fake.faults;
  rules.push({
    match: ({ path, query }) => path.includes('/contacts') && query.get('archived') === 'true',
    fault: { do: 'reply', reply: { status: 200, body: { results: [] } } },
  });
  await syncs(bench, 'all');
  expect(await rowsOf(bench, STONES)).toMatchObject([{ id: contact, reason: 'purged' }]);
  rules.pop();
  bench.fake.state.restore('contacts', contact);
  await syncs(bench, 'all');
  expect(await rowsOf(bench, STONES)).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
  const gaps = await rowsOf(
    bench,
    `select s.id, s.known_from = v.known_to as ends_well, s.known_to = o.known_from as begins_well, s.known_to > s.known_from as stood
     from tombstone_versions s
     join object_versions v on v.object_type = s.object_type and v.id = s.id
     join objects o on o.object_type = s.object_type and o.id = s.id`,
  );
  expect(gaps).toEqual([{ id: contact, ends_well: true, begins_well: true, stood: true }]);
});
