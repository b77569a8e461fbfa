import { expect, it } from 'vitest';
import { tooMany } from '../../../src/demo/fake/limits.ts';
import { caseBench, manyRecords } from './cases/bench.ts';
import type { SyncContext } from '../../../src/core/sync/context.ts';
import { contextOf, type SyncBench } from '../../support/sync.ts';

/** Deals with a contact each, of which there are many more; types that lead to neither come behind. */
function portal(): Promise<SyncBench> {
  const deals = manyRecords(10);
  const contacts = manyRecords(120, 91_000);
  return caseBench({
    objects: {
      deals,
      contacts,
      companies: manyRecords(4, 100),
      notes: manyRecords(10, 300),
      tasks: manyRecords(120, 400),
    },
    associations: deals.map(({ id }, n) => ({
      from: ['deals', id] as const,
      to: ['contacts', String(91_100 + n)] as const,
      typeId: 3,
      backTypeId: 4,
    })),
  });
}

interface Asked {
  from: string;
  to: string;
  at: number;
}

/** The reads of links, and of each type the place of its last list of live records, by their places in the log. */
function order({ fake }: SyncBench): { links: Asked[]; listed: Map<string, number> } {
  const links: Asked[] = [];
  const listed = new Map<string, number>();
  for (const [at, { path, query }] of fake.log.entries()) {
    const pair = /\/associations\/[^/]+\/([^/]+)\/([^/]+)\/batch\/read$/.exec(path);
    if (pair !== null) links.push({ from: pair[1] ?? '', to: pair[2] ?? '', at });
    const list = /\/objects\/[^/]+\/([^/]+)$/.exec(path);
    if (list !== null && !query.includes('archived=true')) listed.set(list[1] ?? '', at);
  }
  return { links, listed };
}

/** What makes the list of a type end after those of all others. */
function lastOf(bench: SyncBench, objectType: string): Pick<SyncContext, 'hubspot' | 'onProgress'> {
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  const others = Promise.withResolvers<void>();
  return {
    hubspot: {
      ...hubspot,
      list: async (request, call) => {
        if (request.objectType === objectType && request.after !== undefined) await others.promise;
        return hubspot.list(request, call);
      },
    },
    onProgress: ({ types }) => {
      const open = types.filter(({ state }) => state === 'waiting' || state === 'running');
      if (open.length === 1 && open[0]?.objectType === objectType) others.resolve();
    },
  };
}

it('a first sync reads the links of what is in while others are still listed, and of none before both of its ends are', async () => {
  const bench = await portal();
  bench.fake.faults.pageRows = 5;
  const result = await bench.sync(lastOf(bench, 'contacts'));
  expect(result).toMatchObject({ state: 'complete', associations: { read: 264, failed: 0 } });
  const { links, listed } = order(bench);
  const lastListed = (type: string): number => listed.get(type) ?? Number.NaN;
  expect(links.map(({ from, to }) => `${from} ${to}`)).toContain('deals contacts');
  for (const { from, to, at } of links) {
    expect(at).toBeGreaterThan(lastListed(from));
    expect(at).toBeGreaterThan(lastListed(to));
  }
  expect(Math.min(...links.map(({ at }) => at))).toBeLessThan(lastListed('tasks'));
  expect(await bench.disagreements()).toEqual([]);
});

it('links that a first sync could not read are asked for once in it, and are read by the next one', async () => {
  const bench = await portal();
  const { fake } = bench;
  fake.faults.rules = [
    {
      match: ({ path }) => path.includes('/deals/contacts/'),
      fault: { do: 'reply', reply: { status: 404, body: {} } },
    },
  ];
  const failed = await bench.sync();
  expect(failed).toMatchObject({ state: 'failed', failedAt: 'hubspot' });
  expect(order(bench).links.filter(({ from, to }) => from === 'deals' && to === 'contacts')).toHaveLength(1);
  fake.faults.rules = [];
  expect(await bench.sync()).toMatchObject({ state: 'complete', associations: { read: 10 } });
  expect(await bench.disagreements()).toEqual([]);
});

it('a first sync that HubSpot stops while links are read keeps its place', async () => {
  const bench = await portal();
  const { fake } = bench;
  fake.faults.rules = [
    {
      match: ({ path }) => path.includes('/deals/contacts/'),
      fault: { do: 'reply', reply: tooMany('DAILY') },
    },
  ];
  const stopped = await bench.sync();
  expect(stopped.state).toBe('stopped');
  expect(stopped.associations.read).toBeLessThan(264);
  fake.faults.rules = [];
  await bench.clock.advance(25 * 3_600_000);
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  expect(await bench.disagreements()).toEqual([]);
});

it('of the types that wait for their turn the one with most records begins first', async () => {
  const few = ['companies', 'contacts', 'deals', 'line_items', 'calls', 'emails', 'notes'];
  const objects = Object.fromEntries(few.map((type, n) => [type, manyRecords(3, 1000 * (n + 1))]));
  const bench = await caseBench({ objects: { ...objects, tasks: manyRecords(30, 20_000) } });
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  const counted = Promise.withResolvers<void>();
  const begun: string[] = [];
  const result = await bench.sync({
    hubspot: {
      ...hubspot,
      search: async (request, call) => {
        const page = await hubspot.search(request, call);
        if (request.objectType === 'tasks') counted.resolve();
        return page;
      },
      list: async (request, call) => {
        if (!begun.includes(request.objectType)) begun.push(request.objectType);
        await counted.promise;
        return hubspot.list(request, call);
      },
    },
  });
  expect(result.state).toBe('complete');
  expect(begun.slice(0, 4).toSorted()).toEqual(few.slice(0, 4));
  expect(begun[4]).toBe('tasks');
  expect(begun).toHaveLength(8);
  // each was counted before it was read and once more behind it
  for (const type of begun)
    expect(bench.fake.log.filter(({ path }) => path.endsWith(`/${type}/search`))).toHaveLength(2);
});
