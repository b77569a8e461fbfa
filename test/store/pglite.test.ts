import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { openPglite, PGLITE_FOLDER, restorePglite } from '../../src/store/pglite.ts';
import { run } from '../long-cases/pglite-kill.ts';
import { temporaryFolder } from '../support/folder.ts';

const REFUSED =
  /^The operational store in \S+ cannot be opened; it may be damaged or its disk full\. .*holdfast restore <file>\. What lies there was not thrown away\.$/;

/** A folder with a store in it that holds one row; tests work on copies. */
let whole = '';

beforeAll(async () => {
  whole = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const store = await openPglite(whole, silentLog);
  await store.exec('create table kept (n integer); insert into kept values (42)');
  await store.close();
});
afterAll(() => rm(whole, { recursive: true, force: true }));

async function copyOfWhole(): Promise<string> {
  const dataDir = await temporaryFolder();
  await cp(join(whole, PGLITE_FOLDER), join(dataDir, PGLITE_FOLDER), { recursive: true });
  return dataDir;
}

async function fingerprint(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
}

it('keeps every acknowledged row through kill -9 at any moment', async () => {
  const lines: string[] = [];
  await run({ rounds: 5, firstSeed: 1, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(5);
});

it('refuses a damaged folder with one sentence, and changes nothing in it', async () => {
  const damages: Record<string, (folder: string) => Promise<void>> = {
    'no version': (folder) => rm(join(folder, 'PG_VERSION')),
    'another version': (folder) => writeFile(join(folder, 'PG_VERSION'), '17\n'),
    'no control file': (folder) => rm(join(folder, 'global', 'pg_control')),
    'a cut control file': (folder) => truncate(join(folder, 'global', 'pg_control'), 100),
    'a control file of noise': (folder) =>
      writeFile(join(folder, 'global', 'pg_control'), Buffer.alloc(8192, 9)),
    'no log': (folder) => emptyFolder(join(folder, 'pg_wal')),
    'no tables': (folder) => emptyFolder(join(folder, 'base')),
    'somebody else’s files': async (folder) => {
      await emptyFolder(folder);
      await writeFile(join(folder, 'letter.txt'), 'not a store');
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    const dataDir = await copyOfWhole();
    const folder = join(dataDir, PGLITE_FOLDER);
    await damage(folder);
    const before = await fingerprint(folder);
    await expect(openPglite(dataDir, silentLog), name).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(REFUSED),
    });
    expect(await fingerprint(folder), name).toBe(before);
  }
});

it('refuses tables and a log of noise with the same sentence, and the tables stay as they are', async () => {
  const logs = await readdir(join(whole, PGLITE_FOLDER, 'pg_wal'));
  const log = logs.find((file) => /^[0-9A-F]{24}$/.test(file)) ?? '';
  for (const victim of [join('base', '5', '1259'), join('pg_wal', log)]) {
    const dataDir = await copyOfWhole();
    const folder = join(dataDir, PGLITE_FOLDER);
    const { length } = await readFile(join(folder, victim));
    await writeFile(join(folder, victim), Buffer.alloc(length, 7));
    const before = await fingerprint(join(folder, 'base', '1'));
    await expect(openPglite(dataDir, silentLog), victim).rejects.toMatchObject({
      message: expect.stringMatching(REFUSED),
    });
    expect(await fingerprint(join(folder, 'base', '1')), victim).toBe(before);
  }
});

it('makes the store anew when the very first start was killed in the middle of it', async () => {
  const dataDir = await temporaryFolder();
  await mkdir(join(dataDir, `${PGLITE_FOLDER}.part`, 'base'), { recursive: true });
  await writeFile(join(dataDir, `${PGLITE_FOLDER}.part`, 'PG_VERSION'), '18\n');
  const store = await openPglite(dataDir, silentLog);
  expect(await store.query('select 1 as one')).toEqual([{ one: 1 }]);
  await store.close();
  expect(await readdir(dataDir)).toEqual([PGLITE_FOLDER]);
});

it('copies itself while it is open, and a copy unpacked elsewhere is a store', async () => {
  const store = await openPglite(await copyOfWhole(), silentLog);
  const dump = await store.dump();
  await store.query('delete from kept');
  await store.close();
  const target = await temporaryFolder();
  await restorePglite(target, dump);
  const copy = await openPglite(target, silentLog);
  expect(await copy.query('select n from kept')).toEqual([{ n: 42 }]);
  await copy.close();
});

async function emptyFolder(folder: string): Promise<void> {
  for (const file of await readdir(folder)) await rm(join(folder, file), { recursive: true });
}
