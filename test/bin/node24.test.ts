import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const BIN = resolve(import.meta.dirname, '../../bin');
const NODE_PACKAGE = `node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const SCRIPT =
  'process.stdout.write(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv }))';

type Packages = Record<string, { version: string; optional?: boolean }>;

/** A project with these packages in its lockfile and those installed, and an npm that only notes that it was called. */
async function project(
  wanted: Packages,
  installed: Packages | null,
): Promise<() => { out: string; installs: Promise<number> }> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'bin'));
  for (const file of ['dev.mjs', 'node24.mjs']) await copyFile(join(BIN, file), join(root, 'bin', file));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(join(root, 'script.ts'), SCRIPT);
  await writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '1' }, ...wanted } }),
  );
  const node = join(root, NODE_PACKAGE, 'bin', 'node');
  await mkdir(dirname(node), { recursive: true });
  await symlink(process.execPath, node);
  if (installed !== null)
    await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  const npm = join(root, 'npm.mjs');
  const calls = join(root, 'calls');
  await writeFile(calls, '');
  await writeFile(
    npm,
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(calls)}, 'x');`,
  );
  await chmod(npm, 0o700);
  return () => {
    const done = spawnSync(process.execPath, [join(root, 'bin/dev.mjs'), 'script.ts', 'one'], {
      env: { PATH: process.env['PATH'] ?? '', npm_execpath: npm },
      encoding: 'utf8',
    });
    return { out: done.stdout, installs: readFile(calls, 'utf8').then((text) => text.length) };
  };
}

const other = { 'node_modules/node-other-x64': { version: '24.1.0', optional: true } };
const plain = { 'node_modules/zod': { version: '4.0.0' } };
const node = (version: string): Packages => ({ [NODE_PACKAGE]: { version, optional: true } });

it.each<[string, Packages, Packages | null, number]>([
  ['nothing is installed', plain, null, 1],
  [
    'all is there, and what is for another machine is not',
    { ...plain, ...node('24.2.0'), ...other },
    { ...plain, ...node('24.2.0') },
    0,
  ],
  ['a package has another version', { 'node_modules/zod': { version: '4.1.0' } }, plain, 1],
  [
    'the packaged Node has another version',
    { ...plain, ...node('24.3.0') },
    { ...plain, ...node('24.2.0') },
    1,
  ],
])('starts a script where %s, installing first if need be', async (_, wanted, installed, times) => {
  const start = await project(wanted, installed);
  const { out, installs } = start();
  expect(JSON.parse(out)).toEqual({ args: ['one'], flags: ['--disable-warning=ExperimentalWarning'] });
  expect(await installs).toBe(times);
});
