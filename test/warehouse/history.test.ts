import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { inputsThen } from '../../src/core/accounts/inputs-then.ts';
import { historyFiles } from '../../src/store/snapshots.ts';
import { buildMarts, marts, type BuildInputs } from '../../src/warehouse/build.ts';
import { withHistory } from '../../src/warehouse/history-reader.ts';
import { historyFile } from '../../src/warehouse/paths.ts';
import { portalBench, type PortalBench } from '../support/portal-bench.ts';
import { digests } from './mirror.ts';

const DAY_MS = 86_400_000;
const PUBLIC = marts().filter((mart) => !mart.isInternal);

const PROPERTIES = `select to_json(t)::varchar from property_versions t where known_from <= $at::timestamptz order by 1`;

/** Every public mart as one digest of its rows in their order, and what was known of the history of properties. */
async function digestsOf(db: DuckDBConnection, inputs: BuildInputs): Promise<Record<string, string>> {
  const digest = async (sql: string, values: Record<string, string> = {}): Promise<string> => {
    const rows = (await db.runAndReadAll(sql, values)).getRowsJson();
    return rows.length === 0 ? 'none' : createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  };
  const found: Record<string, string> = {
    property_versions: await digest(PROPERTIES, { at: inputs.knownAt.toISOString() }),
  };
  await buildMarts(db, inputs, ':memory:', async () => {
    for (const { name } of PUBLIC) found[name] = await digest(`select to_json(t)::varchar from ${name} t`);
  });
  return found;
}

async function names(bench: PortalBench): Promise<string[]> {
  return (await historyFiles(bench.ctx.store, bench.portal)).map(({ name }) => name);
}

async function onDisk(bench: PortalBench): Promise<string[]> {
  const { folder } = await bench.ctx.warehouse(bench.portal);
  return (await readdir(folder)).filter((name) => name.startsWith('history-')).toSorted();
}

/** What the writer says as known then, and what the files alone say. */
async function bothSay(
  bench: PortalBench,
  at: Date,
): Promise<[writer: Record<string, string>, files: Record<string, string>]> {
  const { ctx, portal } = bench;
  const warehouse = await ctx.warehouse(portal);
  const inputs = await inputsThen(ctx, portal, warehouse, at.toISOString());
  const writer = await warehouse.alone((db) => digestsOf(db, inputs));
  const files = await withHistory({ dataDir: ctx.dataDir, portal, names: await names(bench) }, (db) =>
    digestsOf(db, inputs),
  );
  return [writer, files];
}

async function without(tables: readonly string[], file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const db = await instance.connect();
  for (const table of tables) await db.run(`drop table ${table}`);
  db.closeSync();
  instance.closeSync();
}

it('history files alone give the writer’s answer at every moment, byte for byte', async () => {
  const bench = await portalBench({ accounts: 12 });
  const { state } = bench.fake;
  const moments: Date[] = [];
  for (let month = 0; month < 3; month += 1) {
    await bench.sync();
    await bench.clock.advance(60_000);
    moments.push(bench.clock.now());
    const companies = [...state.all('companies')];
    const lines = [...state.all('line_items')];
    state.update('companies', companies[month]?.id ?? '', { name: `Renamed in month ${month}` });
    state.update('line_items', lines[month]?.id ?? '', { amount: String(100 + month) });
    if (month === 0) state.archive('line_items', lines[5]?.id ?? '');
    if (month === 1) {
      state.restore('line_items', lines[5]?.id ?? '');
      state.merge('companies', companies[6]?.id ?? '', companies[7]?.id ?? '');
      state.purge('deals', [...state.all('deals')][0]?.id ?? '');
    }
    if (month === 2) state.update('line_items', lines[0]?.id ?? '', { amount: '100' });
    await bench.clock.advance(31 * DAY_MS);
  }
  await bench.sync();
  moments.push(bench.clock.now());
  expect((await historyFiles(bench.ctx.store, bench.portal)).map(({ month }) => month)).toEqual([
    '2026-03',
    '2026-04',
    '2026-05',
    '2026-06',
  ]);
  const answers = [];
  for (const at of moments) {
    const [writer, files] = await bothSay(bench, at);
    expect(files, at.toISOString()).toEqual(writer);
    expect(writer).not.toMatchObject({ property_versions: 'none' });
    answers.push(JSON.stringify(writer));
  }
  expect(new Set(answers).size).toBe(moments.length);
  // A file from before there were tombstones and the history of properties is read as one that holds none.
  const [first = ''] = await names(bench);
  await without(['tombstones', 'property_versions'], historyFile(bench.ctx.dataDir, bench.portal, first));
  const [writer, files] = await bothSay(bench, bench.clock.now());
  expect(files['property_versions']).not.toBe(writer['property_versions']);
  expect({ ...files, property_versions: '' }).toEqual({ ...writer, property_versions: '' });
}, 120_000);

it('a month is written anew only when it gained versions, under a new name, and the one before stays once', async () => {
  const bench = await portalBench({ accounts: 4 });
  const sync = async (day = 0): Promise<void> => {
    await bench.clock.advance(day * DAY_MS + 60_000);
    await bench.sync();
  };
  const rename = (name: string): void => {
    const [company] = bench.fake.state.all('companies');
    bench.fake.state.update('companies', company?.id ?? '', { name });
  };
  await sync();
  expect(await names(bench)).toEqual(['history-2026-03-1.duckdb']);
  await sync(); // nothing new
  expect(await onDisk(bench)).toEqual(['history-2026-03-1.duckdb']);
  rename('one');
  await sync();
  expect(await onDisk(bench)).toEqual(['history-2026-03-1.duckdb', 'history-2026-03-2.duckdb']);
  rename('two');
  await sync();
  expect(await names(bench)).toEqual(['history-2026-03-3.duckdb']);
  expect(await onDisk(bench)).toEqual(['history-2026-03-2.duckdb', 'history-2026-03-3.duckdb']);
  // What is closed in April was learned in March: its file stays as it is.
  const { folder } = await bench.ctx.warehouse(bench.portal);
  const march = (await digests(folder))['history-2026-03-3.duckdb'];
  rename('three');
  await sync(40);
  expect(await names(bench)).toEqual(['history-2026-03-3.duckdb', 'history-2026-04-1.duckdb']);
  expect((await digests(folder))['history-2026-03-3.duckdb']).toBe(march);
  // A file that is gone is written anew, under another name.
  await rm(historyFile(bench.ctx.dataDir, bench.portal, 'history-2026-03-3.duckdb'));
  await sync();
  expect(await names(bench)).toEqual(['history-2026-03-4.duckdb', 'history-2026-04-1.duckdb']);
}, 120_000);

it('a run that ends at any step of it does no harm', async () => {
  const bench = await portalBench({ accounts: 4 });
  const [company] = bench.fake.state.all('companies');
  await bench.sync();
  for (const step of ['history-renamed', 'history-pointed'] as const) {
    await bench.clock.advance(60_000);
    bench.fake.state.update('companies', company?.id ?? '', { name: `dies at ${step}` });
    bench.ctx.failpoint = (reached) => {
      if (reached === step) throw new Error(`died at ${step}`);
    };
    await expect(bench.sync()).rejects.toThrow(`died at ${step}`);
    bench.ctx.failpoint = () => {};
    for (const name of await names(bench))
      expect(existsSync(historyFile(bench.ctx.dataDir, bench.portal, name)), name).toBe(true);
  }
  await bench.clock.advance(60_000);
  bench.fake.state.update('companies', company?.id ?? '', { name: 'lives on' });
  await bench.sync();
  const [pointed] = await names(bench);
  expect(await onDisk(bench)).toHaveLength(2);
  expect(await onDisk(bench)).toContain(pointed);
  const [writer, files] = await bothSay(bench, bench.clock.now());
  expect(files).toEqual(writer);
}, 120_000);
