import { expect, it } from 'vitest';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { ids, rowsOf, windowsOf } from '../../support/sync-rows.ts';
import { syncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
const TYPES = ['companies', 'contacts', 'deals', 'tickets'];
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

it('a sweep closes what is gone, keeps what was only not listed, and tells a merged record from a purged one, however HubSpot says that ids are missing', async () => {
  for (const unknownIds of ['207', '400'] as const) {
    const bench = await syncBench({ accounts: 12, only: TYPES });
    const { state, faults } = bench.fake;
    faults.unknownIds = unknownIds;
    await bench.sync();
    await bench.clock.advance(20 * MINUTE);
    const [purged = '', loser = '', winner = '', binned = '', hidden = '', untouched = ''] = ids(
      bench,
      'contacts',
    );
    faults.rules.push({
      match: ({ method, path, query }) =>
        method === 'GET' &&
        /\/crm\/objects\/[^/]+\/contacts$/.test(path) &&
        query.get('archived') === null &&
        query.get('after') === null,
      fault: { do: 'reply', reply: { status: 200, body: { results: [] } } },
    });
    // The list is empty, as if HubSpot had lost everything; the records themselves are all asked for.
    state.purge('contacts', purged);
    state.merge('contacts', winner, loser);
    state.archive('contacts', binned);
    await bench.sync({ sweep: 'all' });
    faults.rules.pop();
    expect(await bench.disagreements(), unknownIds).toEqual([]);
    expect(
      await rowsOf(bench, 'select id, reason, merged_into from tombstones order by id'),
      unknownIds,
    ).toEqual([
      { id: purged, reason: 'purged', merged_into: null },
      { id: loser, reason: 'merged', merged_into: winner },
    ]);
    const window = (await windowsOf(bench, 'sweep')).find((row) => row['object_type'] === 'contacts');
    expect(window, 'only the purge is left to the sweep').toMatchObject({ landed: 0, versions: 1 });
    expect(ids(bench, 'contacts')).toEqual(expect.arrayContaining([hidden, untouched, winner]));
  }
});
