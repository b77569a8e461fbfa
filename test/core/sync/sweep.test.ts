import { expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { ids, rowsOf, windowsOf } from '../../support/sync-rows.ts';
import { syncBench, type SyncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TYPES = ['companies', 'contacts', 'deals', 'tickets'];
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

async function swept(bench: SyncBench): Promise<string[]> {
  const rows = await windowsOf(bench, 'sweep');
  return rows.map((row) => String(row['object_type']));
}

/** Takes a property away from what HubSpot lists; answers how to bring it back. */
function hideProperty(bench: SyncBench, type: string, name: string): () => void {
  const property = bench.fake.definitions.find(type, name);
  if (property === undefined) throw new Error(`there is no ${name}`);
  bench.fake.definitions.remove(type, name);
  return () => bench.fake.definitions.put(type, property);
}

it('a value that changes without a later date is found by a sweep, and the version before it is kept', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  const [drifting = ''] = ids(bench, 'deals');
  await bench.clock.advance(DAY);
  bench.fake.state.update('deals', drifting, { amount: '4711' }, { silent: true });
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  expect((await bench.disagreements()).length).toBeGreaterThan(0);
  await bench.clock.advance(7 * DAY);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, 'select object_type, id from object_versions')).toEqual([
    { object_type: 'deals', id: drifting },
  ]);
});

it('every type is swept once a week by the real clock, and not in the run that loads it first', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync({ sweep: 'all' });
  expect(await swept(bench)).toEqual([]);
  await bench.clock.advance(6 * DAY);
  await bench.sync();
  expect(await swept(bench)).toEqual([]);
  await bench.clock.advance(DAY);
  await bench.sync();
  const first = await swept(bench);
  expect(first).toContain('companies');
  expect(first.length).toBe(new Set(first).size);
  await bench.clock.advance(DAY);
  await bench.sync();
  expect(await swept(bench)).toEqual(first);
  const faster = new VirtualClock(bench.clock.now().getTime() + 9 * DAY, { auto: true });
  await bench.sync({ portalClock: faster });
  expect(await swept(bench), 'the time of a portal that lives faster').toEqual(first);
});

it('a sweep that finds nothing adds no version, costs a request for a hundred records and says how many there are', async () => {
  const bench = await syncBench({ accounts: 30, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const result = await bench.sync({ sweep: 'all' });
  expect(result.types.reduce((sum, type) => sum + type.changed, 0)).toBe(0);
  expect(result.associations.changed).toBe(0);
  expect(
    result.types.flatMap(({ objectType, compared, swept: isSwept }) =>
      isSwept ? [[objectType, compared]] : [],
    ),
  ).toEqual(TYPES.map((type) => [type, ids(bench, type).length]));
  expect(await rowsOf(bench, 'from object_versions')).toEqual([]);
  const contacts = ids(bench, 'contacts').length;
  expect(contacts).toBeGreaterThan(100);
  const window = (await windowsOf(bench, 'sweep')).find((row) => row['object_type'] === 'contacts');
  // one to count them, the rest to list them
  expect(window).toMatchObject({
    total: contacts,
    landed: contacts,
    versions: 0,
    requests: 1 + Math.ceil(contacts / 100),
    retries: 0,
  });
  expect(await rowsOf(bench, 'from sweep_seen')).toEqual([]);
});

it('names that overflow an address are read by a sweep with two requests for a hundred records', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  bench.fake.faults.longestUrl = 400;
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const [company = ''] = ids(bench, 'companies');
  bench.fake.state.update('companies', company, { name: 'by itself' }, { silent: true });
  await bench.sync({ sweep: 'all' });
  expect(await bench.disagreements()).toEqual([]);
});

it('a property that is new is read for records that did not change, at once', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  const show = hideProperty(bench, 'companies', 'domain');
  await bench.sync();
  const [company = ''] = ids(bench, 'companies');
  const domain = `select properties ->> 'domain' as domain from objects where object_type = 'companies' and id = '${company}'`;
  expect(await rowsOf(bench, domain)).toEqual([{ domain: null }]);
  show();
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  expect(await swept(bench)).toEqual(['companies']);
  expect(await rowsOf(bench, domain)).not.toEqual([{ domain: null }]);
  expect(await bench.disagreements()).toEqual([]);
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  expect(await swept(bench)).toEqual(['companies']);
});

it('a property that was away for a while is read anew for what changed meanwhile', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  const show = hideProperty(bench, 'companies', 'domain');
  const [company = ''] = ids(bench, 'companies');
  await bench.clock.advance(20 * MINUTE);
  bench.fake.state.update('companies', company, { name: 'Renamed' });
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  show();
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  expect(await swept(bench)).toEqual(['companies']);
  expect(await bench.disagreements()).toEqual([]);
});

it('with less than half of the daily quota left nothing is swept unless somebody asks', async () => {
  const bench = await syncBench({ accounts: 12, fake: { limits: { daily: 1000 } } });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const { requests } = await bench.sync();
  await bench.clock.advance(8 * DAY);
  bench.fake.limits.change({ daily: Math.ceil(requests * 1.3) });
  const scarce = await bench.sync();
  expect(scarce).toMatchObject({ state: 'complete', requests });
  expect(await windowsOf(bench, 'sweep')).toEqual([]);
  bench.fake.limits.change({ daily: requests * 4 });
  await bench.sync({ sweep: 'none' });
  expect(await windowsOf(bench, 'sweep')).toEqual([]);
  await bench.sync({ sweep: 'all' });
  expect(await swept(bench)).toContain('companies');
});

it('a sweep that is cut off closes nothing and goes on from its cursor', async () => {
  const bench = await syncBench({ accounts: 60, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const contacts = ids(bench, 'contacts');
  const [first = ''] = contacts;
  const last = contacts.at(-1) ?? '';
  bench.fake.state.purge('contacts', first);
  bench.fake.state.update('contacts', last, { jobtitle: 'at the end' }, { silent: true });
  const stop = new AbortController();
  let pages = 0;
  bench.fake.faults.betweenRequests = ({ method, path, query }) => {
    if (method !== 'GET' || !path.endsWith('/contacts') || query.get('archived') === 'true') return;
    pages += 1;
    if (pages === 3) stop.abort(new AppError('conflict', 'Stop.'));
  };
  const cut = await bench.sync({ sweep: 'all', signal: stop.signal });
  expect(cut.state).toBe('stopped');
  const [place] = await rowsOf(
    bench,
    `select listed_to, is_listed from sweeps where object_type = 'contacts'`,
  );
  expect(place).toMatchObject({ is_listed: false });
  expect(await rowsOf(bench, 'from tombstones')).toEqual([]);
  const cutOff = (await windowsOf(bench, 'sweep')).filter((row) => row['object_type'] === 'contacts');
  expect(cutOff).toMatchObject([{ finished_at: null }]);
  bench.fake.faults.betweenRequests = null;
  expect((await bench.sync()).state).toBe('complete');
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, 'select object_type, id, reason from tombstones')).toEqual([
    { object_type: 'contacts', id: first, reason: 'purged' },
  ]);
});

it('what is made, edited, archived, merged and purged while a sweep reads is not misjudged', async () => {
  const bench = await syncBench({ accounts: 30, only: TYPES });
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const { state } = bench.fake;
  let requests = 0;
  bench.fake.faults.betweenRequests = ({ path, query }) => {
    if (!/\/(contacts|companies)$/.test(path) || query.get('archived') === 'true') return;
    requests += 1;
    const type = path.endsWith('contacts') ? 'contacts' : 'companies';
    const live = ids(bench, type);
    state.create(type, { name: `new ${requests}` });
    state.update(type, live[0] ?? '', { name: `edited ${requests}` });
    state.archive(type, live[1] ?? '');
    state.purge(type, live[2] ?? '');
    state.merge(type, live[3] ?? '', live[4] ?? '');
  };
  expect((await bench.sync({ sweep: 'all' })).state).toBe('complete');
  expect(requests).toBeGreaterThan(2);
  bench.fake.faults.betweenRequests = null;
  await bench.clock.advance(20 * MINUTE);
  await bench.sync({ sweep: 'all' });
  expect(await bench.disagreements()).toEqual([]);
});

it('what search still shows of a silent change does not undo it', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  bench.fake.faults.indexLagMs = 8 * MINUTE;
  await bench.clock.advance(20 * MINUTE);
  const [deal = '', binned = ''] = ids(bench, 'deals');
  bench.fake.state.update('deals', deal, { dealname: 'edited' });
  bench.fake.state.update('deals', binned, { dealname: 'edited too' });
  await bench.clock.advance(9 * MINUTE);
  bench.fake.state.update('deals', deal, { amount: '4711' }, { silent: true });
  bench.fake.state.archive('deals', binned);
  await bench.sync({ sweep: 'all' });
  expect(await bench.disagreements()).toEqual([]);
  const before = await rowsOf(bench, 'select count(*)::integer as n from object_versions');
  await bench.clock.advance(4 * MINUTE);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, 'select count(*)::integer as n from object_versions')).toEqual(before);
  expect(await rowsOf(bench, 'from verify_due')).toEqual([]);
});

it('a full sync does not take the end of an older sweep for what was asked', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(8 * DAY);
  const stop = new AbortController();
  const cutOff = (step: string): void => {
    if (step === 'sweep-listed') stop.abort(new AppError('conflict', 'Stopped.'));
  };
  await bench.sync({ signal: stop.signal, failpoint: cutOff });
  expect(
    await rowsOf(
      bench,
      `select is_listed from sweeps where object_type = 'companies' and started_at is not null`,
    ),
  ).toEqual([{ is_listed: true }]);
  // Listed already by the sweep that was cut off.
  const [company = ''] = ids(bench, 'companies');
  bench.fake.state.update('companies', company, { name: 'Drifted' }, { silent: true });
  await bench.clock.advance(20 * MINUTE);
  await bench.sync({ sweep: 'all' });
  expect(await bench.disagreements()).toEqual([]);
});
