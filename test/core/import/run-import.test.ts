import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { PortalId } from '../../../src/core/actor.ts';
import type { Context } from '../../../src/core/context.ts';
import { describeImport } from '../../../src/core/import/describe-import.ts';
import { runImport } from '../../../src/core/import/run-import.ts';
import { silentLog } from '../../../src/core/log.ts';
import { portalsDue } from '../../../src/core/sync/due.ts';
import { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import { acquireLease, releaseLease } from '../../../src/store/leases.ts';
import { mappingAt } from '../../../src/store/mappings.ts';
import { ensurePortal, listPortals } from '../../../src/store/portals.ts';
import { currentSnapshot } from '../../../src/store/snapshots.ts';
import { openWarehouse } from '../../../src/warehouse/warehouse.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { ENGINES, emptyStore } from '../../support/stores.ts';
import { NOON } from '../../warehouse/mirror.ts';
import { ACCOUNTS } from './import-bench.ts';

const DOCUMENT = { version: 1, book: { time_zone: 'Europe/Berlin' }, imports: { files: [ACCOUNTS] } };

async function product(engine: (typeof ENGINES)[number]) {
  const store = await emptyStore(engine);
  const dataDir = await temporaryFolder();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'accounts.csv'), 'id,name\nA1,Alpha\nA2,Beta\n');
  const clock = new VirtualClock(NOON);
  const opened = new Map<string, ReturnType<typeof openWarehouse>>();
  const ctx: Context = {
    store,
    clock,
    portalClock: () => Promise.resolve(clock),
    demo: null,
    log: silentLog,
    dataDir,
    hubspotAppId: null,
    holder: 'test',
    warehouse: (portal) => {
      const one = opened.get(portal) ?? openWarehouse({ dataDir, portal, log: silentLog });
      opened.set(portal, one);
      return one;
    },
    dropWarehouse: () => Promise.resolve(),
    hubspot: () => Promise.reject(new Error('an import asks HubSpot nothing')),
    failpoint: () => {},
  };
  onTestFinished(async () => {
    for (const one of opened.values()) await (await one).close();
  });
  const run = (portal = 'import', document: unknown = DOCUMENT) =>
    runImport(ctx, { folder, portal, document, signal: new AbortController().signal, onProgress: () => {} });
  return { ctx, store, clock, dataDir, folder, run };
}

it.each(ENGINES)(
  'makes the portal, loads and publishes; a repeated import publishes nothing new (%s)',
  async (engine) => {
    const { ctx, store, clock, dataDir, run } = await product(engine);
    const result = await run();
    expect(result.total).toMatchObject({ read: 2, fresh: 2 });
    expect(await listPortals(store)).toMatchObject([{ id: 'import', mode: 'import' }]);
    const first = await currentSnapshot(store, 'import' as PortalId);
    await access(join(dataDir, 'warehouse', 'import', first?.name ?? 'none'));
    await clock.advance(60_000);
    expect((await run()).total).toMatchObject({ unchanged: 2, fresh: 0, changed: 0 });
    expect((await currentSnapshot(store, 'import' as PortalId))?.name).toBe(first?.name);
    expect(await portalsDue(ctx, 15)).toEqual([]);
  },
);

it('refuses before it makes anything', async () => {
  const { store, run, folder } = await product('pglite');
  await expect(run('import', { version: 1 })).rejects.toThrow('The mapping has no part "imports".');
  await expect(run('Import 2')).rejects.toThrow('take small letters, digits and dashes');
  await expect(run('main')).rejects.toThrow('The portal main is not here yet.');
  expect(await listPortals(store)).toEqual([]);
  await writeFile(join(folder, 'accounts.csv'), 'number;title\n');
  await expect(run()).rejects.toThrow('separated by ";"');
  expect(await mappingAt(store, 'import' as PortalId, NOON)).toBeNull();
});

it('publishes anew when the same files come with another mapping', async () => {
  const { store, clock, run } = await product('pglite');
  await run();
  const first = await currentSnapshot(store, 'import' as PortalId);
  await clock.advance(60_000);
  const book = { ...DOCUMENT.book, as_of: '2026-01-31' };
  expect((await run('import', { ...DOCUMENT, book })).total).toMatchObject({ fresh: 0, changed: 0 });
  expect((await currentSnapshot(store, 'import' as PortalId))?.name).not.toBe(first?.name);
  expect(await mappingAt(store, 'import' as PortalId, clock.now())).toMatchObject({ version: 2 });
});

it('adds to a portal that is synced, but not while a worker is at it', async () => {
  const { store, run } = await product('pglite');
  const portal = await ensurePortal(store, 'main', 'token');
  const lease = await acquireLease(store, portal, 'another', 60);
  if (lease === null) throw new Error('nobody else is here');
  await expect(run('main')).rejects.toThrow('A worker is syncing this portal.');
  await releaseLease(store, lease);
  expect((await run('main')).total.fresh).toBe(2);
  expect(await listPortals(store)).toMatchObject([{ id: 'main', mode: 'token' }]);
});

it('prints a table in which the columns add up', async () => {
  const { run, folder } = await product('pglite');
  await writeFile(join(folder, 'accounts.csv'), 'id,name\nA1,Alpha\nA1,Alpha\nA1,Other\n\nA2,Beta\n');
  const lines = describeImport(await run());
  expect(lines.slice(0, 5)).toEqual([
    'kind      file          read  new  changed  unchanged  merged  skipped  rejected  kept',
    'accounts  accounts.csv     5    2        0          0       1        1         1     0',
    'total                      5    2        0          0       1        1         1     0',
    '',
    '5 rows read into the portal import in 0.0 s: 2 loaded, 1 merged, 1 skipped, 1 rejected.',
  ]);
  expect(lines).toContain(
    '1 rows of accounts.csv were rejected for accounts: the same id with other content.',
  );
  expect(lines).toContain(
    '  accounts.csv, line 4: line 2 has the same id with other content; that line was taken',
  );
});
