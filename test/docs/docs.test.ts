import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { SETTING_NAMES, readConfig } from '../../src/config.ts';
import { VERSION } from '../../src/process/version.ts';
import { runCommand } from '../support/command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: ROOT }),
];
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json'))).scripts;

it('the settings of .env.example and of the docs are those the program knows', () => {
  const example = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
  expect(example.toSorted()).toEqual([...SETTING_NAMES].toSorted());
  const table = /## Settings\n([\s\S]*?)\n## /.exec(read('docs/self-hosting.md'))?.[1] ?? '';
  const told = [...table.matchAll(/`([A-Z_]{4,})`/g)].map((match) => match[1] ?? '');
  expect([...new Set(told)].toSorted()).toEqual([...SETTING_NAMES].toSorted());
});

it('a copied .env.example starts', () => {
  const env = Object.fromEntries(
    [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2]]),
  );
  expect(readConfig(env)).toMatchObject({ port: 3000, safeMode: true, hubspot: { mode: 'demo' } });
});

it('the defaults that .env.example names are the program’s', () => {
  const config = readConfig({});
  const text = read('.env.example');
  const named = (name: string): string | undefined => {
    const comment = new RegExp(`((?:^#.*\\n)+)${name}=`, 'm').exec(text)?.[1] ?? '';
    return [...comment.matchAll(/Default: ([\w-]+)/g)].at(-1)?.[1];
  };
  expect(named('PORT')).toBe(String(config.port));
  expect(named('SYNC_EVERY_MINUTES')).toBe(String(config.syncEveryMinutes));
  expect(named('DATA_DIR')).toBe(config.dataDir);
  expect(named('SAFE_MODE')).toBe(config.safeMode ? 'on' : 'off');
  expect(named('LOG_LEVEL')).toBe(config.logLevel);
});

it('every command in the docs is one the program has, and the README names them all', async () => {
  const help = (await runCommand(['--help'], {}, { cwd: ROOT })).out;
  const commands = [...help.matchAll(/^ {2}([a-z]+)[ [].*$/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'help');
  expect(commands.length).toBeGreaterThan(5);
  for (const file of documents) {
    for (const [, name] of read(file).matchAll(/`?npx holdfast ([a-z]+)/g))
      expect(commands, file).toContain(name);
  }
  const table = /## Commands\n([\s\S]*?)\n## /.exec(read('README.md'))?.[1] ?? '';
  const told = [...table.matchAll(/`npx holdfast ([a-z]+)/g)].map((match) => match[1] ?? '');
  expect(told.toSorted()).toEqual(commands.toSorted());
});

it('commands that are not in this version say so and end with 1', async () => {
  const later =
    /carried out by it\. (.*) are not in this version and say so/.exec(read('README.md'))?.[1] ?? '';
  const names = [...later.matchAll(/`([a-z]+)`/g)].map((match) => match[1] ?? '');
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const result = await runCommand([name ?? ''], {}, { cwd: ROOT });
    expect(result).toMatchObject({
      code: 1,
      err: `\`holdfast ${name}\` is not in this version (${VERSION}).\n`,
    });
  }
});

it('every npm script in the docs exists, and every link and picture leads to a file', () => {
  for (const file of documents) {
    const text = read(file);
    for (const [, name] of text.matchAll(/npm run ([a-z:]+)/g))
      expect(Object.keys(scripts), file).toContain(name);
    for (const [, target = ''] of text.matchAll(/(?:\]\(|src=")((?!https?:|#|mailto:)[^)"#]+)/g)) {
      expect(existsSync(join(ROOT, dirname(file), target)), `${file} points to ${target}`).toBe(true);
    }
  }
});

it('the folders that the architecture names exist', () => {
  for (const [, folder = ''] of read('docs/architecture.md').matchAll(/^\| `([a-z/]+\/)`/gm)) {
    expect(existsSync(join(ROOT, folder)), folder).toBe(true);
  }
});

it('the test command of the README is the one CI runs', () => {
  expect(read('README.md')).toMatch(/^\$ npm test\s+# every test$/m);
  expect(read('.ci/run')).toContain('README.md');
});

it('CI imports each data set for which the docs show a mapping, before the tests, and fails with it', () => {
  const shown = globSync('docs/examples/*.mapping.json', { cwd: ROOT }).map((file) =>
    basename(file, '.mapping.json'),
  );
  const sets = /const SETS = \[(.*)\]/.exec(read('.ci/imports.mjs'))?.[1] ?? '';
  expect([...sets.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '').toSorted()).toEqual(shown.toSorted());
  expect(read('.ci/run')).toMatch(
    /^node \.ci\/imports\.mjs "\$data" \|\| exit 1$[\s\S]*^bash -c "\$command"$/m,
  );
});
