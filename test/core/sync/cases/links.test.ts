import { expect, it } from 'vitest';
import { readLedger } from '../../../../src/core/sync/ledger-document.ts';
import { tooMany } from '../../../../src/demo/fake/limits.ts';
import type { MemoryPortal } from '../../../../src/demo/fake/memory-source.ts';
import { htmlPage, missingScope } from '../../../../src/demo/fake/replies.ts';
import type { FakeReply } from '../../../../src/demo/fake/types.ts';
import type { SyncBench } from '../../../support/sync.ts';
import { BEYOND_LAG, caseBench, manyRecords, requests, rowsOf, valueOf } from './bench.ts';

const PAIR = /\/associations\/2026-09\/deals\/contacts\//;
const CHAMPION = { typeId: 101, backTypeId: 102, label: 'Champion' };
const BUYER = { typeId: 103, backTypeId: 104, label: 'Buyer' };
const LINKS = `select from_id, to_id, type_id, label from associations order by all`;

/** Deals that have a contact each. */
function dealsWithContacts(count: number): MemoryPortal {
  const deals = manyRecords(count);
  return {
    objects: { deals, contacts: deals.map(({ id }) => ({ id: `9${id}` })) },
    associations: deals.map(({ id }) => ({
      from: ['deals', id] as const,
      to: ['contacts', `9${id}`] as const,
      typeId: 3,
      backTypeId: 4,
    })),
    labels: [
      { fromType: 'deals', toType: 'contacts', ...CHAMPION },
      { fromType: 'deals', toType: 'contacts', ...BUYER },
    ],
  };
}

/** What the ledger says of the links that deals lack: of how many records, and to which types. */
async function linksLeft(bench: SyncBench): Promise<[due: number, skipped: string[]]> {
  const { types } = await readLedger(bench.warehouse);
  const deals = types.find((type) => type.objectType === 'deals');
  return [deals?.linksDue ?? Number.NaN, deals?.linksSkipped ?? []];
}

/** What HubSpot says of the pairs of deals that it does not let us read, by the type at the other end. */
async function refusals(bench: SyncBench): Promise<Record<string, string>> {
  const { types } = await readLedger(bench.warehouse);
  const deals = types.find((type) => type.objectType === 'deals');
  return Object.fromEntries((deals?.linksRefused ?? []).map(({ toType, reason }) => [toType, reason]));
}

/** Puts every deal on the list of those whose links are read. */
function touch(bench: SyncBench): void {
  for (const { id } of Array.from(bench.fake.state.all('deals')))
    bench.fake.state.update('deals', id, { name: `Touched at ${bench.clock.now().getTime()}` });
}

it.each<[string, FakeReply]>([
  ['a limit that is reached again and again', tooMany('TEN_SECONDLY_ROLLING')],
  ['a server that fails again and again', { status: 502, body: {} }],
  ['an error page of the network in front of HubSpot', htmlPage(520)],
])(
  'links that cannot be read for %s stay, the run says so, and the next one reads them',
  async (_, reply) => {
    const bench = await caseBench(dealsWithContacts(3));
    const { fake, clock } = bench;
    await bench.sync();
    await clock.advance(BEYOND_LAG);
    const before = await rowsOf(bench, LINKS);
    expect(before).toHaveLength(3);
    fake.state.dissociate('deals', '7001', 'contacts', '97001');
    fake.state.associate('deals', '7002', 'contacts', '97001', { typeId: 3, backTypeId: 4 });
    touch(bench);
    await clock.advance(BEYOND_LAG);
    fake.faults.rules = [{ match: ({ path }) => PAIR.test(path), fault: { do: 'reply', reply } }];
    const failed = await bench.sync();
    expect(failed).toMatchObject({ state: 'failed', failedAt: 'hubspot' });
    expect(failed.sentence).toMatch(/did not answer the links from deals to contacts/);
    expect(await rowsOf(bench, LINKS)).toEqual(before);
    fake.faults.rules = [];
    expect(await bench.sync()).toMatchObject({ state: 'complete' });
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('links of single records that HubSpot could not read stay, are counted as failed, and come with the next run', async () => {
  const bench = await caseBench(dealsWithContacts(3));
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  const before = await rowsOf(bench, LINKS);
  fake.state.associate('deals', '7001', 'contacts', '97002', { typeId: 3, backTypeId: 4 });
  touch(bench);
  await clock.advance(BEYOND_LAG);
  const errors = ['7000', '7001', '7002'].map((id) => ({
    status: 'error',
    category: 'INTERNAL_ERROR',
    message: 'try later',
    context: { fromObjectId: [id] },
  }));
  const reply = { status: 207, body: { status: 'COMPLETE', results: [], errors } };
  fake.faults.rules = [{ match: ({ path }) => PAIR.test(path), fault: { do: 'reply', reply } }];
  const { run, associations } = await bench.sync();
  expect(associations).toMatchObject({ failed: 3, changed: 0 });
  expect(await rowsOf(bench, LINKS)).toEqual(before);
  expect(await linksLeft(bench)).toEqual([3, []]);
  expect(
    await rowsOf(
      bench,
      `select to_type, finished_at is not null from sync_windows where run = '${run}' and object_type = 'deals' and pass = 'links' order by 1`,
    ),
  ).toEqual([
    ['companies', true],
    ['contacts', false],
  ]);
  fake.faults.rules = [];
  expect((await bench.sync()).associations).toMatchObject({ failed: 0, changed: 1 });
  expect(await linksLeft(bench)).toEqual([0, []]);
  expect(await bench.disagreements()).toEqual([]);
});

it('the last link of a record that goes away is closed, though HubSpot calls a record without links an error', async () => {
  const bench = await caseBench(dealsWithContacts(3));
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  fake.state.dissociate('deals', '7001', 'contacts', '97001');
  touch(bench);
  await clock.advance(BEYOND_LAG);
  expect((await bench.sync()).associations).toMatchObject({ failed: 0, changed: 1 });
  expect(await valueOf(bench, 'select from_id from association_versions')).toBe('7001');
  expect(await linksLeft(bench)).toEqual([0, ['companies']]); // a type that may not be read
  expect(await bench.disagreements()).toEqual([]);
});

it('an answer that leaves records out, with an error that names none of them, closes no link', async () => {
  const bench = await caseBench(dealsWithContacts(3));
  const { fake, clock } = bench;
  await bench.sync();
  await clock.advance(BEYOND_LAG);
  const before = await rowsOf(bench, LINKS);
  touch(bench);
  await clock.advance(BEYOND_LAG);
  const errors = [{ status: 'error', category: 'INTERNAL_ERROR', message: 'try later', context: {} }];
  const reply = { status: 207, body: { status: 'COMPLETE', results: [], errors } };
  fake.faults.rules = [{ match: ({ path }) => PAIR.test(path), fault: { do: 'reply', reply } }];
  expect((await bench.sync()).associations).toMatchObject({ failed: 3, changed: 0 });
  expect(await rowsOf(bench, LINKS)).toEqual(before);
  fake.faults.rules = [];
  expect((await bench.sync()).associations).toMatchObject({ failed: 0, changed: 0 });
});

it('a pair of which HubSpot wants nothing costs a few calls a run, is said, and comes when it may be read', async () => {
  const bench = await caseBench(dealsWithContacts(64));
  const { fake, clock } = bench;
  const reply = { status: 400, body: { status: 'error', message: 'No such pair' } };
  fake.faults.rules.push({ match: ({ path }) => PAIR.test(path), fault: { do: 'reply', reply } });
  for (const calls of [8, 3]) {
    fake.log.length = 0;
    const result = await bench.sync();
    expect(result).toMatchObject({ state: 'complete' });
    expect(result.associations.skipped).toEqual([expect.stringMatching(/deals to contacts.*No such pair/)]);
    expect(fake.log.filter(({ path }) => PAIR.test(path))).toHaveLength(calls);
    expect(await linksLeft(bench)).toEqual([0, expect.arrayContaining(['contacts'])]);
    expect(await refusals(bench)).toEqual({ contacts: result.associations.skipped[0] });
    await clock.advance(BEYOND_LAG);
  }
  fake.faults.rules.pop();
  expect((await bench.sync()).associations).toMatchObject({ read: 64, changed: 64, skipped: [] });
  expect(await bench.disagreements()).toEqual([]);
});

it.each([0, 1, 2] as const)(
  'a scope that keeps the links of two readable types away is kept by its name, whatever is said of it (text %s), until it is granted',
  async (text) => {
    const bench = await caseBench(dealsWithContacts(3));
    const { fake, clock } = bench;
    const reply = missingScope('crm.objects.links.read', text);
    fake.faults.rules.push({ match: ({ path }) => PAIR.test(path), fault: { do: 'reply', reply } });
    const sentence = expect.stringMatching(
      /lacks the scope crm\.objects\.links\.read, so the links from deals to contacts .* Add it to the app/,
    ) as string;
    // The second run has no record that is due, and says the same.
    for (const run of ['first', 'second']) {
      expect((await bench.sync()).associations.skipped, run).toEqual([sentence]);
      expect(await refusals(bench), run).toEqual({ contacts: sentence });
      expect(await linksLeft(bench), run).toEqual([0, ['companies', 'contacts']]);
      await clock.advance(BEYOND_LAG);
    }
    fake.faults.rules.pop();
    expect((await bench.sync()).associations).toMatchObject({ changed: 3, skipped: [] });
    expect(await refusals(bench)).toEqual({});
    expect(await linksLeft(bench)).toEqual([0, ['companies']]); // a type that may not be read
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('a deal with 1,762 contacts under two labels has exactly 1,762 rows for each of them', async () => {
  const contacts = manyRecords(1762, 20_000);
  const bench = await caseBench({
    objects: { deals: [{ id: '1' }], contacts },
    associations: [CHAMPION, BUYER].flatMap((label) =>
      contacts.map(({ id }) => ({ from: ['deals', '1'] as const, to: ['contacts', id] as const, ...label })),
    ),
  });
  bench.fake.faults.associationPage = 100;
  await bench.sync();
  expect(
    await rowsOf(
      bench,
      'select label, count(*)::integer, count(distinct to_id)::integer from associations group by all order by all',
    ),
  ).toEqual([
    ['Buyer', 1762, 1762],
    ['Champion', 1762, 1762],
  ]);
  expect(requests(bench, '/deals/contacts/batch/read')).toHaveLength(18);
});

it('two labels of one pair are two rows, and taking one away takes away one row', async () => {
  const bench = await caseBench(dealsWithContacts(1));
  const { fake, clock } = bench;
  for (const label of [CHAMPION, BUYER]) fake.state.associate('deals', '7000', 'contacts', '97000', label);
  await bench.sync();
  expect(await rowsOf(bench, LINKS)).toEqual([
    ['7000', '97000', 3, null],
    ['7000', '97000', 101, 'Champion'],
    ['7000', '97000', 103, 'Buyer'],
  ]);
  fake.state.dissociate('deals', '7000', 'contacts', '97000', 101);
  touch(bench);
  await clock.advance(BEYOND_LAG);
  await bench.sync();
  expect(await rowsOf(bench, LINKS)).toEqual([
    ['7000', '97000', 3, null],
    ['7000', '97000', 103, 'Buyer'],
  ]);
  expect(await valueOf(bench, 'select label from association_versions')).toBe('Champion');
});
