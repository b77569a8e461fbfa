import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exportMarts } from '../../src/core/accounts/export-marts.ts';
import type { PortalId } from '../../src/core/actor.ts';
import type { Context } from '../../src/core/context.ts';
import type { ImportResult } from '../../src/core/import/result.ts';
import { runImport } from '../../src/core/import/run-import.ts';
import { silentLog } from '../../src/core/log.ts';
import { runSync } from '../../src/core/sync/run-sync.ts';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import type { Store } from '../../src/store/sql.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { ANCHOR, contextOf } from './sync.ts';

/** A source whose facts of the portal a test changes. */
export type ChangingSource = { -readonly [Key in keyof PortalSource]: PortalSource[Key] };

/** The whole of background work over the fake: both stores, syncs that publish, imports, exports; a virtual clock over all of it. */
export interface PortalBench {
  ctx: Context;
  clock: VirtualClock;
  source: ChangingSource;
  fake: FakeHubSpot;
  /** the portal that is synced */
  portal: PortalId;
  sync(): Promise<void>;
  /** Imports files, given as name and text, by a mapping. */
  import(files: Readonly<Record<string, string>>, document: unknown, portal?: string): Promise<ImportResult>;
  /** The exported files as text, by the mart's name. */
  export(knownAt?: string | Date, portal?: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export interface PortalBenchOptions {
  seed?: number;
  accounts?: number;
  hubspotAppId?: string;
  /** one that somebody else closes; left out, one of its own in memory */
  store?: Store;
}

/** Everything is closed and removed when the test is over. */
export async function portalBench(options: PortalBenchOptions = {}): Promise<PortalBench> {
  const { emptyStore } = await import('./stores.ts');
  const bench = await openPortalBench({ ...options, store: await emptyStore('pglite') });
  onTestFinished(() => bench.close());
  return bench;
}

/** One that its user closes. */
export async function openPortalBench(options: PortalBenchOptions = {}): Promise<PortalBench> {
  const clock = new VirtualClock(ANCHOR.getTime() + 3_600_000, { auto: true });
  const source: ChangingSource = {
    ...generatePortal({ seed: options.seed ?? 5, accounts: options.accounts ?? 20, anchor: ANCHOR }),
  };
  const fake = await startFakeHubSpot({ source, clock, keepLog: false });
  const store = options.store ?? (await openMemoryPglite());
  if (options.store === undefined) await migrate(store, silentLog);
  const portal = await ensurePortal(store, 'main', 'token');
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-portal-'));
  const folder = (): Promise<string> => mkdtemp(join(dataDir, 'files-'));
  const opened = new Map<string, Promise<Warehouse>>();
  const ctx: Context = {
    store,
    clock,
    portalClock: () => Promise.resolve(clock),
    demo: null,
    log: silentLog,
    dataDir,
    hubspotAppId: options.hubspotAppId ?? null,
    holder: 'test',
    warehouse: (id) => {
      const one = opened.get(id) ?? openWarehouse({ dataDir, portal: id, log: silentLog });
      opened.set(id, one);
      return one;
    },
    dropWarehouse: () => Promise.resolve(),
    hubspot: async (id) => contextOf(fake.url, await ctx.warehouse(id), clock).hubspot,
    failpoint: () => {},
  };
  const signal = new AbortController().signal;
  return {
    ctx,
    clock,
    source,
    fake,
    portal,
    sync: async () => {
      const result = await runSync(ctx, portal, { signal });
      if (result?.state !== 'complete')
        throw new Error(`the sync ended ${result?.state}: ${result?.sentence ?? ''}`);
    },
    import: async (files, document, id = 'import') => {
      const from = await folder();
      for (const [name, text] of Object.entries(files)) await writeFile(join(from, name), text);
      return runImport(ctx, { folder: from, portal: id, document, signal, onProgress: () => {} });
    },
    export: async (knownAt, id = portal) => {
      const to = await folder();
      const asked = knownAt instanceof Date ? knownAt.toISOString() : (knownAt ?? null);
      await exportMarts(ctx, id as PortalId, { folder: to, knownAt: asked });
      const names = (await readdir(to)).toSorted();
      const texts = await Promise.all(names.map((name) => readFile(join(to, name), 'utf8')));
      await rm(to, { recursive: true });
      return Object.fromEntries(names.map((name, n) => [name.replace(/\.csv$/, ''), texts[n] ?? '']));
    },
    close: async () => {
      await fake.close();
      for (const one of opened.values()) await (await one).close();
      if (options.store === undefined) await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The rows of an exported file under its header, each as its cells by column; for files without quoted line ends. */
export function csvRows(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
    return Object.fromEntries(names.map((name, n) => [name, cells[n] ?? '']));
  });
}
