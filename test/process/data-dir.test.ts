import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { holdDataDir, readHolder } from '../../src/process/data-dir.ts';
import { temporaryFolder } from '../support/folder.ts';

const CHILD = new URL('./hold-child.ts', import.meta.url);

async function holdInChild(folder: string): Promise<{ child: ChildProcess; said: unknown }> {
  const child = fork(CHILD, [folder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said]: unknown[] = await once(child, 'message');
  return { child, said };
}

it('refuses a second process with a sentence that names the first, and leaves the first alone', async () => {
  const folder = await temporaryFolder();
  const first = await holdInChild(folder);
  const second = await holdInChild(folder);
  expect(first.said).toBe('held');
  expect(second.said).toMatch(
    new RegExp(
      `^Holdfast \\(holdfast start, process ${first.child.pid}, since 20\\S+Z\\) is using the data folder .* Stop it first`,
    ),
  );
  expect((await readHolder(folder))?.pid).toBe(first.child.pid);
});

it('lets the next process in as soon as the holder was killed', async () => {
  const folder = await temporaryFolder();
  const first = await holdInChild(folder);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect((await holdInChild(folder)).said).toBe('held');
});

it('keeps the folder and the secret to its owner', async () => {
  const folder = join(await temporaryFolder(), 'made');
  const hold = await holdDataDir(folder, 'test');
  await hold.announce(4321);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'holder.json'))).mode & 0o777).toBe(0o600);
  expect((await readHolder(folder))?.controlPort).toBe(4321);
  await hold.release();
  expect(await readHolder(folder)).toBeNull();
});

it('mends a lock file that a full disk tore', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock.duckdb'), 'torn');
  const hold = await holdDataDir(folder, 'test');
  expect((await readFile(join(folder, 'holder.json'), 'utf8')).length).toBeGreaterThan(10);
  await hold.release();
});

it('says which folder cannot be written', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'file');
  await writeFile(file, '');
  await chmod(file, 0o600);
  await expect(holdDataDir(join(file, 'data'), 'test')).rejects.toThrow(
    /^The data folder .*file\/data cannot be written \(ENOTDIR\)/,
  );
});
