import { expect, it } from 'vitest';
import type { HubSpotPort } from '../../../src/core/hubspot-port.ts';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import type { SyncResult } from '../../../src/core/sync/progress.ts';
import { ids, rowsOf, windowsOf } from '../../support/sync-rows.ts';
import { contextOf, syncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TYPES = ['companies', 'contacts', 'deals', 'tickets'];
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

const CONTACTS = `select hubspot_total, live, archived, merged, purged, state, differing from sync_counts where object_type = 'contacts'`;

function reconciled(result: SyncResult, type = 'contacts'): string | undefined {
  return result.types.find((one) => one.objectType === type)?.reconciled;
}

it('the first sync says of every type that it is complete, and a missing scope makes it unknown', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  const result = await bench.sync();
  const of = (state: string): string[] =>
    result.types.filter((type) => type.reconciled === state).map((type) => type.objectType);
  expect(of('complete')).toEqual(TYPES);
  expect(of('unknown')).toContain('notes');
  const live = ids(bench, 'contacts').length;
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([
    { hubspot_total: live, live, merged: 0, purged: 0, state: 'complete', differing: 0 },
  ]);
});

it('the ledger says of each window how many HubSpot has, how many came, and what that cost', async () => {
  const bench = await syncBench({ accounts: 30, only: TYPES });
  const first = await bench.sync();
  const contacts = ids(bench, 'contacts');
  const binned = [...bench.fake.state.all('contacts', true)].length;
  const of = async (pass: string): Promise<unknown> =>
    (await windowsOf(bench, pass)).find((row) => row['object_type'] === 'contacts');
  expect(await of('load')).toMatchObject({
    run: first.run,
    to_type: null,
    window_from: null,
    total: contacts.length,
    landed: contacts.length,
    versions: contacts.length,
    requests: 1 + Math.ceil(contacts.length / 100),
    retries: 0,
  });
  expect(await of('bin')).toMatchObject({ total: null, landed: binned, requests: 1 });
  await bench.clock.advance(20 * MINUTE);
  for (const id of contacts.slice(0, 3)) bench.fake.state.update('contacts', id, { jobtitle: 'new' });
  await bench.clock.advance(20 * MINUTE);
  bench.fake.faults.rules.push({
    match: ({ path }) => path.endsWith('/contacts/search'),
    fault: { do: 'reply', reply: { status: 502, body: 'Bad gateway' } },
    times: 1,
  });
  const next = await bench.sync();
  const changes = await of('changes');
  expect(changes).toMatchObject({ run: next.run, total: 3, landed: 3, versions: 3, requests: 2, retries: 1 });
  const [span] = await rowsOf(
    bench,
    `select window_to - window_from as span, seconds >= 0 as has_time, finished_at >= started_at as ended
     from sync_windows where pass = 'changes' and object_type = 'contacts'`,
  );
  expect(span).toMatchObject({ has_time: true, ended: true });
  const all = await rowsOf(
    bench,
    `select sum(requests)::integer as n from sync_windows where run = '${next.run}'`,
  );
  expect(Number(all[0]?.['n'])).toBeLessThan(next.requests);
});

it('a record that was purged makes the counts differ, which a sweep settles in the same run', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const [gone = ''] = ids(bench, 'contacts');
  bench.fake.state.purge('contacts', gone);
  const result = await bench.sync();
  expect(reconciled(result)).toBe('complete');
  expect((await windowsOf(bench, 'sweep')).map((row) => row['object_type'])).toEqual(['contacts']);
  expect(await bench.disagreements()).toEqual([]);
  const live = ids(bench, 'contacts').length;
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([
    { hubspot_total: live, live, purged: 1, state: 'complete', differing: 0 },
  ]);
});

it('what search has not caught up with is settling, is swept for by nobody, and is complete once it has', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  bench.fake.faults.indexLagMs = 8 * MINUTE;
  await bench.clock.advance(20 * MINUTE);
  const [binned = '', restored = ''] = ids(bench, 'contacts');
  bench.fake.state.archive('contacts', binned);
  bench.fake.state.archive('deals', ids(bench, 'deals')[0] ?? '');
  bench.fake.state.create('deals', { dealname: 'not to be seen yet' });
  bench.fake.state.create('tickets', { subject: 'nor this' });
  const early = await bench.sync();
  expect(reconciled(early)).toBe('settling');
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([{ state: 'settling', differing: 1 }]);
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('complete');
  bench.fake.state.archive('contacts', restored);
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  bench.fake.state.restore('contacts', restored);
  await bench.clock.advance(MINUTE);
  expect(reconciled(await bench.sync()), 'counted a minute ago, and changed since').toBe('settling');
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('complete');
  expect(await windowsOf(bench, 'sweep')).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
});

it('what no sweep can settle is named record by record, and not swept for again before a day', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const contacts = ids(bench, 'contacts');
  // Search has lost two records, for good.
  bench.fake.faults.indexLagMs = 1000 * DAY;
  const lost = [bench.fake.state.create('contacts', {}).id, bench.fake.state.create('contacts', {}).id];
  bench.fake.faults.indexLagMs = 0;
  await bench.clock.advance(20 * MINUTE);
  await bench.sync({ sweep: 'all' });
  await bench.clock.advance(20 * MINUTE);
  const before = (await windowsOf(bench, 'sweep')).length;
  const result = await bench.sync();
  expect(reconciled(result)).toBe('differs');
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([
    { hubspot_total: contacts.length, live: contacts.length + 2, state: 'differs', differing: 2 },
  ]);
  expect(await rowsOf(bench, 'from sync_differences order by id')).toEqual(
    lost.map((id) => ({ object_type: 'contacts', id, kind: 'missing_there' })),
  );
  const swept = (await windowsOf(bench, 'sweep')).length;
  expect(swept).toBe(before + 1);
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('differs');
  expect((await windowsOf(bench, 'sweep')).length).toBe(swept);
  for (const id of lost) bench.fake.state.update('contacts', id, { jobtitle: 'found again' });
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('complete');
  expect(await rowsOf(bench, 'from sync_differences')).toEqual([]);
});

it('what came and went since the last count is settling in the ledger too, and what was edited is not', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  const [gone = '', edited = '', other = ''] = ids(bench, 'contacts');
  const live = ids(bench, 'contacts').length;
  await bench.clock.advance(MINUTE);
  bench.fake.state.update('contacts', edited, { jobtitle: 'new' });
  await bench.clock.advance(MINUTE);
  expect(reconciled(await bench.sync()), 'as many records, with other values').toBe('complete');
  bench.fake.state.archive('contacts', gone);
  bench.fake.state.create('contacts', { jobtitle: 'in its place' });
  await bench.clock.advance(MINUTE);
  expect(reconciled(await bench.sync()), 'as many records, and others').toBe('settling');
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([{ hubspot_total: live, live, state: 'settling' }]);
  bench.fake.state.archive('contacts', other);
  await bench.clock.advance(MINUTE);
  expect(reconciled(await bench.sync())).toBe('settling');
  expect(await rowsOf(bench, CONTACTS)).toMatchObject([
    { hubspot_total: live, live: live - 1, state: 'settling', differing: 1 },
  ]);
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('complete');
});

it('a count that is for ever one more than search shows is swept for once a day and not in every run', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  const oneMore: HubSpotPort = {
    ...hubspot,
    search: async (request, call) => {
      const page = await hubspot.search(request, call);
      const isCount = request.objectType === 'contacts' && request.filters.length === 0;
      return isCount ? { ...page, total: page.total + 1 } : page;
    },
  };
  await bench.sync();
  const sweeps: number[] = [];
  for (let run = 0; run < 6; run += 1) {
    await bench.clock.advance(run === 5 ? DAY : 20 * MINUTE);
    expect(reconciled(await bench.sync({ hubspot: oneMore }))).toBe('differs');
    sweeps.push((await windowsOf(bench, 'sweep')).length);
  }
  expect(sweeps).toEqual([1, 1, 1, 1, 1, 2]);
  await bench.clock.advance(20 * MINUTE);
  expect(reconciled(await bench.sync())).toBe('complete');
  await bench.clock.advance(20 * MINUTE);
  await bench.sync({ hubspot: oneMore });
  expect(await windowsOf(bench, 'sweep'), 'equal in between: another difference').toHaveLength(3);
});

it.each(['archived', 'restored'])(
  'a record that is %s between reading the bin and counting costs no sweep',
  async (what) => {
    const bench = await syncBench({ accounts: 12, only: TYPES });
    const { state, faults } = bench.fake;
    const [contact = ''] = ids(bench, 'contacts');
    if (what === 'restored') state.archive('contacts', contact);
    await bench.sync();
    await bench.clock.advance(20 * MINUTE);
    let isDone = false;
    faults.betweenRequests = ({ path, body }) => {
      if (isDone || !path.endsWith('/contacts/search') || !/"limit":1[,}]/.test(JSON.stringify(body))) return;
      isDone = true;
      if (what === 'archived') state.archive('contacts', contact);
      else state.restore('contacts', contact);
    };
    expect(reconciled(await bench.sync())).toBe('complete');
    expect(isDone).toBe(true);
    expect(await windowsOf(bench, 'sweep')).toEqual([]);
    // The links of a restored record come with those of its type, once a day.
    expect((await bench.disagreements()).filter((line) => !line.startsWith('links'))).toEqual([]);
  },
);

it('types are counted every quarter of an hour at most', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES, fake: { keepLog: true } });
  await bench.sync();
  const counted = async (): Promise<number> => {
    bench.fake.log.length = 0;
    await bench.sync();
    return bench.fake.log.filter(
      ({ path, body }) => path.endsWith('/contacts/search') && /"limit":1[,}]/.test(JSON.stringify(body)),
    ).length;
  };
  await bench.clock.advance(5 * MINUTE);
  expect(await counted()).toBe(0);
  await bench.clock.advance(15 * MINUTE);
  expect(await counted()).toBe(1);
});

it('a hundred runs that find nothing leave every table as it was, but for a ledger that is bounded', async () => {
  const bench = await syncBench({ accounts: 4, only: ['companies', 'contacts'] });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  await bench.sync({ sweep: 'all' });
  const sizes = async (): Promise<Record<string, unknown>> => {
    const tables = await rowsOf(
      bench,
      `select table_name from duckdb_tables() where database_name = 'mirror' order by 1`,
    );
    const found: Record<string, unknown> = {};
    for (const { table_name: table } of tables) {
      if (['sync_runs', 'sync_windows'].includes(String(table))) continue;
      const [row] = await rowsOf(bench, `select count(*)::integer as n from ${String(table)}`);
      found[String(table)] = row?.['n'];
    }
    return found;
  };
  const before = await sizes();
  expect(before['objects']).toBeGreaterThan(10);
  for (let run = 0; run < 100; run += 1) {
    await bench.clock.advance((run % 10 === 0 ? 20 : 2) * DAY);
    await bench.sync({ sweep: run % 50 === 0 ? 'all' : 'none' });
  }
  expect(await sizes()).toEqual(before);
  const [ledger] = await rowsOf(
    bench,
    `select count(distinct run)::integer as runs, count(*) filter (pass = 'load')::integer as loads from sync_windows`,
  );
  const types = Number((await rowsOf(bench, 'select count(*)::integer as n from sync_state'))[0]?.['n']);
  expect(ledger?.['loads'], 'the newest whole window of a pass stays').toBe(types);
  expect(ledger?.['runs']).toBeLessThanOrEqual(30 + 3);
  const [runs] = await rowsOf(
    bench,
    `select count(*)::integer as n, max(finished_at) - min(started_at) < interval 400 days as is_bounded from sync_runs`,
  );
  expect(runs?.['n']).toBeLessThan(60);
}, 180_000);
