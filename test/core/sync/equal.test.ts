import { expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { missingScope } from '../../../src/demo/fake/replies.ts';
import type { FaultRule } from '../../../src/demo/fake/types.ts';
import { random } from '../../../src/demo/generator/random.ts';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { syncBench, type SyncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

async function rowsOf(bench: SyncBench, sql: string): Promise<unknown[][]> {
  return bench.warehouse.read(async (db) => (await db.runAndReadAll(sql)).getRowsJS());
}

it('after the first sync every table holds what HubSpot holds', async () => {
  const bench = await syncBench({ accounts: 60 });
  const result = await bench.sync();
  expect(result).toMatchObject({ state: 'complete', sentence: null });
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, 'select count(*)::integer from object_versions')).toEqual([[0]]);
});

it('a sync of an unchanged portal adds no version and no link', async () => {
  const bench = await syncBench();
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const result = await bench.sync();
  expect(result.types.every((type) => type.changed === 0)).toBe(true);
  expect(result.associations.changed).toBe(0);
  expect(await bench.disagreements()).toEqual([]);
});

it('changes between two syncs arrive, and the versions before them are kept', async () => {
  const bench = await syncBench();
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  const { changed, companyId, before } = changePortal(bench);
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  const versions = await rowsOf(
    bench,
    `select properties ->> 'name' from object_versions where object_type = 'companies' and id = '${companyId}'`,
  );
  expect(versions).toEqual([[before]]);
  const [[closed] = []] = await rowsOf(bench, 'select count(*)::integer from object_versions');
  expect(closed).toBe(changed);
});

it('what is restored, gone from the recycle bin for good, or merged away arrives too', async () => {
  const bench = await syncBench({ accounts: 40 });
  const { state } = bench.fake;
  const [a, b, c, d] = [...state.all('companies')].slice(20).map((record) => record.id);
  const [deal] = [...state.all('deals')].slice(9).map((record) => record.id);
  if (a === undefined || b === undefined || c === undefined || d === undefined || deal === undefined)
    throw new Error('the portal is too small');
  state.archive('companies', a);
  state.archive('deals', deal);
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  state.restore('companies', a);
  state.purge('deals', deal);
  state.merge('companies', b, c);
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  // Links to the restored one belong to records that did not change: the link sweep of the day brings them.
  const left = (await bench.disagreements()).filter((line) => !line.startsWith('links misses'));
  expect(left).toEqual([]);
  const open = await rowsOf(
    bench,
    `select id from objects where id in ('${a}', '${c}') and object_type = 'companies'`,
  );
  expect(open).toEqual([[a]]);
  await bench.clock.advance(24 * 60 * MINUTE);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
});

it('changes made while the sync reads are in after the next one', async () => {
  const bench = await syncBench();
  const draw = random(3, 1, 1);
  let requests = 0;
  bench.fake.faults.betweenRequests = () => {
    requests += 1;
    if (requests % 4 !== 0) return;
    const type = draw.pick(['companies', 'deals', 'tickets', 'contacts']);
    const live = [...bench.fake.state.all(type)];
    const record = draw.pick(live);
    bench.fake.state.update(type, record.id, { hs_priority: `edit ${requests}`, name: `edited ${requests}` });
    if (requests % 12 === 0) bench.fake.state.create(type, { name: `new while reading ${requests}` });
    if (requests % 20 === 0 && live.length > 10) bench.fake.state.archive(type, draw.pick(live).id);
  };
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  await bench.sync();
  bench.fake.faults.betweenRequests = null;
  await bench.clock.advance(20 * MINUTE);
  expect((await bench.sync()).state).toBe('complete');
  expect(requests).toBeGreaterThan(50);
  expect(await bench.disagreements()).toEqual([]);
});

it('a change that search shows late is not missed', async () => {
  const bench = await syncBench();
  await bench.sync();
  bench.fake.faults.indexLagMs = 8 * MINUTE;
  for (let round = 0; round < 6; round += 1) {
    await bench.clock.advance(5 * MINUTE);
    const [company] = bench.fake.state.all('companies');
    bench.fake.state.update('companies', company?.id ?? '', { name: `round ${round}` });
    bench.fake.state.create('deals', { dealname: `late ${round}` });
    await bench.sync();
  }
  await bench.clock.advance(10 * MINUTE);
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
});

it('more changes in one millisecond than a page of search holds all arrive, whichever way search orders ids', async () => {
  for (const idOrder of ['number', 'text'] as const) {
    const bench = await syncBench({ accounts: 60 });
    bench.fake.faults.idOrder = idOrder;
    await bench.sync();
    await bench.clock.advance(20 * MINUTE);
    const at = bench.clock.now().getTime();
    const contacts = [...bench.fake.state.all('contacts')];
    expect(contacts.length).toBeGreaterThan(220);
    for (const { id } of contacts)
      bench.fake.state.update('contacts', id, { jobtitle: 'moved in bulk' }, { at });
    await bench.clock.advance(20 * MINUTE);
    await bench.sync();
    expect(await bench.disagreements(), idOrder).toEqual([]);
  }
});

it('with every kind of failure on the way the tables are equal all the same', async () => {
  for (const seed of [1, 2, 3]) {
    const bench = await syncBench({ seed, accounts: 25 });
    bench.fake.faults.rules = faultsFrom(seed);
    bench.fake.faults.shortPages = (page) => (page % 3 === 0 ? 5 : 0);
    bench.fake.faults.unknownFields = true;
    bench.fake.faults.longestUrl = 3000;
    const first = await bench.sync();
    expect(first.state, `seed ${seed}: ${first.sentence}`).toBe('complete');
    expect(first.retries, `seed ${seed}`).toBeGreaterThan(5);
    await bench.clock.advance(20 * MINUTE);
    changePortal(bench);
    bench.fake.faults.rules = faultsFrom(seed + 10);
    await bench.clock.advance(20 * MINUTE);
    const second = await bench.sync();
    expect(second.state, `seed ${seed}: ${second.sentence}`).toBe('complete');
    expect(await bench.disagreements(), `seed ${seed}`).toEqual([]);
  }
});

it('a missing scope costs its record type and nothing else, in each of HubSpot’s three wordings', async () => {
  for (const wording of [0, 1, 2] as const) {
    const bench = await syncBench({ accounts: 30 });
    bench.fake.faults.missingScopes = new Map([['tickets', wording]]);
    const result = await bench.sync();
    expect(result.state).toBe('complete');
    const tickets = result.types.find((type) => type.objectType === 'tickets');
    expect(tickets).toMatchObject({ state: 'skipped' });
    expect(tickets?.reason).toMatch(/tickets/);
    expect(await bench.disagreements({ without: ['tickets'] })).toEqual([]);
  }
});

it('a scope that is granted later brings the links that were missing, in each of HubSpot’s three wordings', async () => {
  for (const wording of [0, 1, 2] as const) {
    const bench = await syncBench({ accounts: 30 });
    const { missingScopes } = bench.fake.faults;
    missingScopes.set('crm.objects.companies.read', wording);
    await bench.sync();
    expect(await bench.disagreements({ without: ['companies'] })).toEqual([]);
    await bench.clock.advance(20 * MINUTE);
    const still = await bench.sync();
    expect(still.associations).toMatchObject({ read: 0, changed: 0 });
    missingScopes.clear();
    await bench.clock.advance(20 * MINUTE);
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements(), `wording ${wording}`).toEqual([]);
    await bench.clock.advance(20 * MINUTE);
    expect((await bench.sync()).associations).toMatchObject({ read: 0, changed: 0 });
  }
});

it('a kind of link that HubSpot refuses is asked for once a run and comes when it may be read', async () => {
  const bench = await syncBench({ accounts: 40, fake: { keepLog: true } });
  const isPair = (path: string): boolean => path.includes('/associations/') && /line_items\/deals/.test(path);
  bench.fake.faults.rules = [
    {
      match: ({ path }) => isPair(path),
      fault: { do: 'reply', reply: missingScope('crm.objects.deals.read', 0) },
    },
  ];
  for (const run of ['first', 'second']) {
    bench.fake.log.length = 0;
    const result = await bench.sync();
    expect(result, run).toMatchObject({ state: 'complete' });
    expect(result.associations.skipped, run).toEqual([
      expect.stringMatching(/lacks the scope crm\.objects\.deals\.read/),
    ]);
    expect(
      bench.fake.log.filter(({ path }) => isPair(path)),
      run,
    ).toHaveLength(1);
    await bench.clock.advance(20 * MINUTE);
  }
  expect((await bench.disagreements())[0]).toMatch(/^links misses line_items\|\d+\|deals\|/);
  bench.fake.faults.rules = [];
  const granted = await bench.sync();
  expect(granted.associations.skipped).toEqual([]);
  expect(await bench.disagreements()).toEqual([]);
});

it('records whose links HubSpot refuses stay due, and the sync ends', async () => {
  const bench = await syncBench({ accounts: 30 });
  const [company] = bench.fake.state.all('companies');
  await bench.sync();
  await bench.clock.advance(20 * MINUTE);
  bench.fake.state.update('companies', company?.id ?? '', { name: 'gone in a moment' });
  await bench.clock.advance(20 * MINUTE);
  let isGone = false;
  const result = await bench.sync({
    onProgress: (progress) => {
      if (isGone || progress.phase !== 'associations') return;
      isGone = true;
      bench.fake.state.purge('companies', company?.id ?? '');
    },
  });
  expect(result.state).toBe('complete');
  expect(result.associations.failed).toBe(1);
  expect(await rowsOf(bench, 'select object_type, id from association_due')).toEqual([
    ['companies', company?.id],
  ]);
});

it('a used-up daily quota stops the run, keeps its place and says when it goes on', async () => {
  const bench = await syncBench({ accounts: 60, fake: { limits: { daily: 30 } } });
  const stopped = await bench.sync();
  expect(stopped.state).toBe('stopped');
  expect(stopped.resumesAt).toBe('2026-03-01T23:00:00Z'); // midnight in Berlin
  bench.fake.limits.change({ daily: null });
  await bench.clock.advance(20 * 3600_000);
  expect((await bench.sync()).state).toBe('complete');
  expect(await bench.disagreements()).toEqual([]);
});

it('a refused token fails the run with a sentence and changes nothing', async () => {
  const bench = await syncBench({ accounts: 20 });
  await bench.sync();
  const before = await rowsOf(
    bench,
    'select object_type, count(*)::integer from objects group by all order by all',
  );
  bench.fake.oauth.staticToken = 'another';
  const result = await bench.sync();
  expect(result.state).toBe('failed');
  expect(result.sentence).toMatch(/HubSpot refused the access token/);
  expect(
    await rowsOf(bench, 'select object_type, count(*)::integer from objects group by all order by all'),
  ).toEqual(before);
});

it('a HubSpot that cannot be reached fails the run with a sentence', async () => {
  const bench = await syncBench({ accounts: 20 });
  await bench.fake.close();
  const result = await bench.sync();
  expect(result).toMatchObject({ state: 'failed' });
  expect(result.sentence).toMatch(/did not answer .* connection was refused/);
});

it('a run that is told to stop keeps its place', async () => {
  const bench = await syncBench({ accounts: 60 });
  const stop = new AbortController();
  const result = await bench.sync({
    signal: stop.signal,
    onProgress: (progress) => {
      if (progress.types.some((type) => type.state === 'done')) stop.abort(new AppError('conflict', 'Stop.'));
    },
  });
  expect(result.state).toBe('stopped');
  expect((await bench.sync()).state).toBe('complete');
  expect(await bench.disagreements()).toEqual([]);
});

it('an account that is not accepted is refused before anything is read', async () => {
  const bench = await syncBench({ accounts: 20 });
  const result = await bench.sync({
    onAccount: () => Promise.reject(new AppError('invalid', 'This is another portal.')),
  });
  expect(result).toMatchObject({ state: 'failed', sentence: 'This is another portal.', types: [] });
  expect(await rowsOf(bench, 'select count(*)::integer from objects')).toEqual([[0]]);
});

/** Edits, creates and archives; answers how many versions that closes. */
function changePortal(bench: SyncBench): { changed: number; companyId: string; before: string } {
  const { state } = bench.fake;
  const companies = [...state.all('companies')];
  const [first, second, third] = companies.slice(3);
  const [deal] = state.all('deals');
  const [ticket] = state.all('tickets');
  if (
    first === undefined ||
    second === undefined ||
    third === undefined ||
    deal === undefined ||
    ticket === undefined
  )
    throw new Error('the portal is too small');
  state.update('companies', first.id, { name: 'Renamed & Söhne' });
  state.update('companies', second.id, { lifecyclestage: '' });
  state.archive('companies', third.id);
  state.update('deals', deal.id, { amount: '1234.56' });
  state.archive('tickets', ticket.id);
  state.create('contacts', { firstname: 'New', lastname: 'Person' });
  return { changed: 5, companyId: first.id, before: first.properties['name'] ?? '' };
}

/** A few of each failure, drawn over the requests. */
function faultsFrom(seed: number): FaultRule[] {
  const draw = random(seed, 7, 7);
  const sometimes = (share: number) => () => draw.next() < share;
  return [
    {
      fault: {
        do: 'reply',
        reply: { status: 429, body: { policyName: 'TEN_SECONDLY_ROLLING', message: 'slow' } },
      },
      match: sometimes(0.05),
      times: 6,
    },
    {
      fault: {
        do: 'reply',
        reply: {
          status: 429,
          headers: { 'retry-after': '2' },
          body: { policyName: 'SECONDLY', message: 'slow' },
        },
      },
      match: sometimes(0.05),
      times: 4,
    },
    {
      fault: {
        do: 'reply',
        reply: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' },
      },
      match: sometimes(0.05),
      times: 6,
    },
    {
      fault: {
        do: 'reply',
        reply: {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<html>Log in to the guest network</html>',
        },
      },
      match: sometimes(0.03),
      times: 3,
    },
    { fault: { do: 'reset' }, match: sometimes(0.05), times: 6 },
    { fault: { do: 'cut' }, match: sometimes(0.05), times: 6 },
    { fault: { do: 'hang' }, match: sometimes(0.02), times: 1 },
  ];
}
