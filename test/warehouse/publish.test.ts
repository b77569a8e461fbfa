import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { loadDefinitions } from '../../src/core/sync/load-definitions.ts';
import { loadObjects } from '../../src/core/sync/load-objects.ts';
import { buildMarts, marts } from '../../src/warehouse/build.ts';
import { publishSnapshot, type PublishStep } from '../../src/warehouse/publish.ts';
import { defineQuery } from '../../src/warehouse/query.ts';
import { openSnapshots, type Snapshots } from '../../src/warehouse/snapshots.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { digests, NOON, openMirror, PORTAL, type Row } from './mirror.ts';
import { company } from './records.ts';

const CHILD = new URL('./publish-child.ts', import.meta.url);
const publicMarts = marts()
  .filter((mart) => !mart.isInternal)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));
const minute = (n: number): Date => new Date(NOON.getTime() + n * 60_000);

const countRecords = defineQuery({
  file: 'reads/record_counts.sql',
  params: z.object({}),
  row: z.object({ object_type: z.string(), live: z.number(), archived: z.number() }),
});

function readers(dataDir: string): Snapshots {
  const snapshots = openSnapshots({ dataDir });
  onTestFinished(() => snapshots.close());
  return snapshots;
}

async function published(warehouse: Warehouse): Promise<string[]> {
  return (await readdir(warehouse.folder)).filter((file) => file.startsWith('current-')).toSorted();
}

function live(snapshots: Snapshots, name: string): Promise<number | undefined> {
  return snapshots.read(PORTAL, name, async (db) => (await countRecords(db, {}))[0]?.live);
}

describe('a published snapshot', () => {
  it('holds the marts and nothing else, every table and column with its comment', async () => {
    const { ctx, warehouse, dataDir } = await openMirror();
    await loadObjects(ctx, 'companies', [company('1', 1, { secret_note: 'canary' })], {});
    const { name, bytes } = await publishSnapshot(warehouse, {
      inputs: demoInputs(NOON),
      at: NOON,
      keep: null,
    });
    const file = join(warehouse.folder, name);
    expect((await stat(file)).size).toBe(bytes);
    const snapshots = readers(dataDir);
    const rows = (sql: string): Promise<Row[]> =>
      snapshots.read(PORTAL, name, async (db) => (await db.runAndReadAll(sql)).getRowObjectsJson());
    expect(await rows('select table_name from duckdb_tables() order by 1')).toEqual(
      publicMarts.map((mart) => ({ table_name: mart.name })),
    );
    expect(await rows('select table_name from duckdb_tables() where comment is null')).toEqual([]);
    expect(
      await rows(
        'select table_name, column_name from duckdb_columns() where comment is null and not internal',
      ),
    ).toEqual([]);
    for (const list of ['duckdb_views()', 'duckdb_functions()', 'duckdb_types()'])
      expect(await rows(`select 1 from ${list} where not internal`), list).toEqual([]);
    const text = JSON.stringify(await Promise.all(publicMarts.map((mart) => rows(`from ${mart.name}`))));
    expect(text).not.toContain('canary');
    expect(JSON.stringify(await digests(warehouse.folder))).not.toContain('.part');
  });

  it('cannot be written, and reads no other file', async () => {
    const { warehouse, dataDir } = await openMirror();
    const { name } = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    await writeFile(join(dataDir, 'secret.csv'), 'a\n1\n');
    const snapshots = readers(dataDir);
    const run = (sql: string): Promise<unknown> => snapshots.read(PORTAL, name, (db) => db.run(sql));
    await expect(run('delete from company_list')).rejects.toThrow(/read-only/);
    await expect(run(`from read_csv('${dataDir}/secret.csv')`)).rejects.toThrow(/disabled/);
    await expect(run(`attach '${dataDir}/other.duckdb'`)).rejects.toThrow(/disabled/);
  });

  it('is never changed: a second one of the same moment gets a name of its own', async () => {
    const { ctx, warehouse, dataDir } = await openMirror();
    const first = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    const before = await digests(warehouse.folder);
    await loadObjects(ctx, 'companies', [company('1', 1)], {});
    const second = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: first.name });
    expect(second.name).not.toBe(first.name);
    expect((await digests(warehouse.folder))[first.name]).toBe(before[first.name]);
    const snapshots = readers(dataDir);
    expect(await live(snapshots, first.name)).toBeUndefined();
    expect(await live(snapshots, second.name)).toBe(1);
  });

  it('replaces the oldest: two stay, and whichever the readers are pointed at', async () => {
    const { warehouse } = await openMirror();
    const names: string[] = [];
    for (let n = 0; n < 5; n += 1)
      names.push(
        (
          await publishSnapshot(warehouse, {
            inputs: demoInputs(NOON),
            at: minute(n),
            keep: names[0] ?? null,
          })
        ).name,
      );
    expect(await published(warehouse)).toEqual([names[0], names[3], names[4]]);
    await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: minute(5), keep: names[4] ?? null });
    expect(await published(warehouse)).toHaveLength(2);
    const earlier = await publishSnapshot(warehouse, {
      inputs: demoInputs(NOON),
      at: minute(-60),
      keep: null,
    }); // the clock was set back
    expect(await published(warehouse)).toContain(earlier.name);
  });

  it.each<PublishStep>(['publish-built', 'publish-flushed', 'publish-renamed'])(
    'is whole or not there when its writer is killed at %s',
    async (step) => {
      const { ctx, warehouse, dataDir } = await openMirror();
      const old = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
      await loadObjects(ctx, 'companies', [company('1', 1), company('2', 1)], {});
      await warehouse.close();
      const child = fork(CHILD, [step, dataDir, minute(1).toISOString()]);
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

      const snapshots = readers(dataDir);
      const names = await published(warehouse);
      const whole = names.filter((file) => file.endsWith('.duckdb'));
      expect(whole).toHaveLength(step === 'publish-renamed' ? 2 : 1);
      expect(await live(snapshots, old.name)).toBeUndefined();
      for (const name of whole.filter((one) => one !== old.name)) expect(await live(snapshots, name)).toBe(2);

      const next = await openWarehouse({ dataDir, portal: PORTAL, log: silentLog });
      const after = await publishSnapshot(next, { inputs: demoInputs(NOON), at: minute(2), keep: old.name });
      await next.close();
      expect(await live(snapshots, after.name)).toBe(2);
      expect((await published(next)).filter((file) => file.includes('.part'))).toEqual([]);
    },
  );

  it('leaves the old one and no half one when building fails', async () => {
    const { warehouse } = await openMirror();
    const old = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    await warehouse.alone((db) => db.run('alter table objects rename to hidden'));
    await expect(
      publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: minute(1), keep: old.name }),
    ).rejects.toThrow(/objects/);
    await warehouse.alone((db) => db.run('alter table hidden rename to objects'));
    const next = await publishSnapshot(warehouse, {
      inputs: demoInputs(NOON),
      at: minute(2),
      keep: old.name,
    });
    expect(await published(warehouse)).toEqual([old.name, next.name]);
  });
});

describe('readers', () => {
  it('keep an old file through newer ones, also when its name is gone', async () => {
    const { ctx, warehouse, dataDir } = await openMirror();
    const snapshots = readers(dataDir);
    const old = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    await snapshots.read(PORTAL, old.name, async (db) => {
      await loadObjects(ctx, 'companies', [company('1', 1)], {});
      for (let n = 1; n <= 4; n += 1) {
        const newer = await publishSnapshot(warehouse, {
          inputs: demoInputs(NOON),
          at: minute(n),
          keep: null,
        });
        expect(await live(snapshots, newer.name)).toBe(1);
        expect(await countRecords(db, {})).toEqual([]);
      }
    });
    expect(await published(warehouse)).not.toContain(old.name);
  });

  it('share one file, and close the least used when more than eight are open', async () => {
    const { warehouse, dataDir } = await openMirror();
    const snapshots = readers(dataDir);
    const names: string[] = [];
    for (let n = 0; n < 11; n += 1) {
      const { name } = await publishSnapshot(warehouse, {
        inputs: demoInputs(NOON),
        at: minute(n),
        keep: null,
      });
      names.push(name);
      await Promise.all([live(snapshots, name), live(snapshots, name)]);
    }
    const open = openFiles(warehouse.folder);
    if (open !== null) expect(open).toEqual(names.slice(-8));
  });

  it('leave nothing open when reads fail, and close all at the end', async () => {
    const { warehouse, dataDir } = await openMirror();
    const snapshots = openSnapshots({ dataDir });
    const { name } = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    for (let n = 0; n < 3; n += 1) {
      await expect(
        snapshots.read(PORTAL, name, () => Promise.reject(new AppError('not_found', 'no such company'))),
      ).rejects.toMatchObject({ code: 'not_found' });
      await expect(snapshots.read(PORTAL, name, (db) => db.run('select nonsense'))).rejects.toThrow(
        /nonsense/,
      );
    }
    if (openFiles(warehouse.folder) !== null) {
      expect(openFiles(warehouse.folder)).toEqual([name]);
      await snapshots.close();
      expect(openFiles(warehouse.folder)).toEqual([]);
    } else await snapshots.close();
  });

  it('say in one sentence what to do when the file is gone, damaged or of another version', async () => {
    const { warehouse, dataDir } = await openMirror();
    const snapshots = readers(dataDir);
    const gone = 'current-2020-01-01T00-00-00-000Z.duckdb';
    const refusal = (message: string): object => ({ code: 'unavailable', message });
    await expect(live(snapshots, gone)).rejects.toMatchObject(
      refusal('The published data of this portal are gone from the disk. Sync now to publish them again.'),
    );
    const { name } = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    await truncate(join(warehouse.folder, name), 5000);
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(live(snapshots, name)).rejects.toMatchObject(
        refusal('The published data of this portal are damaged. Sync now to publish them again.'),
      );
    await rm(join(warehouse.folder, name));
    const older = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    await expect(
      snapshots.read(PORTAL, older.name, (db) => db.run('from a_mart_of_tomorrow')),
    ).rejects.toMatchObject(
      refusal(
        'The published data of this portal were made by another version of Holdfast. Sync now to publish them again.',
      ),
    );
    await expect(live(snapshots, '../../secret')).rejects.toThrow(/no name of a snapshot/);
  });

  it('refuse rows of another shape than the query says', async () => {
    const { ctx, warehouse, dataDir } = await openMirror();
    await loadObjects(ctx, 'companies', [company('1', 1)], {});
    const { name } = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    const snapshots = readers(dataDir);
    const shapes = [
      z.strictObject({ object_type: z.string() }),
      z.object({ live: z.string() }),
      z.object({ missing: z.number() }),
    ];
    for (const row of shapes) {
      const query = defineQuery({ file: 'reads/record_counts.sql', params: z.object({}), row });
      await expect(snapshots.read(PORTAL, name, (db) => query(db, {}))).rejects.toBeInstanceOf(z.ZodError);
    }
    const page = defineQuery({
      file: 'reads/company_page.sql',
      params: z.object({ words: z.string(), sort: z.string(), page_size: z.number(), first_row: z.number() }),
      row: z.looseObject({ company_id: z.string() }),
    });
    const ask = (words: string): Promise<unknown[]> =>
      snapshots.read(PORTAL, name, (db) => page(db, { words, sort: 'name', page_size: 10, first_row: 0 }));
    expect(await ask('1')).toHaveLength(1);
    expect(await ask(`' or true --`)).toEqual([]);
  });
});

describe('the marts', () => {
  it('say what they count, what they leave out, when a value is empty, and what each column is', async () => {
    const { warehouse } = await openMirror();
    await warehouse.alone((db) =>
      buildMarts(db, demoInputs(NOON), ':memory:', async () => {
        for (const mart of publicMarts) {
          for (const word of ['Counts', 'Excludes', 'NULL']) expect(mart.comment, mart.name).toContain(word);
          const described = (await db.runAndReadAll(`describe ${mart.name}`)).getRowObjectsJson();
          expect(Object.keys(mart.columns), mart.name).toEqual(described.map((row) => row['column_name']));
        }
      }),
    );
  });

  it('list each live company once, with the name of its owner, and count every record once', async () => {
    const { ctx, warehouse, dataDir } = await openMirror();
    await loadDefinitions(
      ctx,
      [{ kind: 'owner', objectType: '' }],
      [
        {
          kind: 'owner',
          objectType: '',
          id: '7',
          document: { firstName: 'Ada', lastName: 'Moreau', archived: true },
        },
        { kind: 'owner', objectType: '', id: '8', document: { firstName: '', lastName: '' } },
      ],
    );
    await loadObjects(
      ctx,
      'companies',
      [
        company('30', 1, { name: 'beta', hubspot_owner_id: '7', domain: 'beta.example' }),
        company('4', 1, { name: 'Alpha', hubspot_owner_id: '8' }),
        company('5', 1, { name: null, hubspot_owner_id: '9' }),
        { ...company('6', 1, { name: 'Gone' }), archived: true, archivedAt: NOON.toISOString() },
      ],
      {},
    );
    const { name } = await publishSnapshot(warehouse, { inputs: demoInputs(NOON), at: NOON, keep: null });
    const snapshots = readers(dataDir);
    const list = await snapshots.read(PORTAL, name, async (db) =>
      (await db.runAndReadAll('select company_id, name, owner, state from company_list')).getRowsJson(),
    );
    expect(list).toEqual([
      ['4', 'Alpha', null, 'live'],
      ['30', 'beta', 'Ada Moreau', 'live'],
      ['6', 'Gone', null, 'archived'],
      ['5', null, null, 'live'],
    ]);
    expect(await snapshots.read(PORTAL, name, (db) => countRecords(db, {}))).toMatchObject([
      { object_type: 'companies', live: 3, archived: 1 },
    ]);
  });
});

/** The published files this process has open; null where the system does not tell. */
function openFiles(folder: string): string[] | null {
  if (!existsSync('/proc/self/fd')) return null;
  const targets = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // closed since it was listed
    }
  });
  const names = targets
    .filter((target) => target.startsWith(`${folder}/current-`))
    .map((target) => target.slice(folder.length + 1).replace(' (deleted)', ''));
  return [...new Set(names)].toSorted();
}
