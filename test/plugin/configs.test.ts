import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { checkConfigs } from '../../plugin/build/check-configs.ts';
import { STANDARD_TYPES } from '../../src/core/sync/object-types.ts';
import { readScope } from '../../src/demo/fake/names.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PLUGIN = join(ROOT, 'plugin');
const APP = 'src/app/app-hsmeta.json';
const SIDEBAR = 'src/app/cards/sidebar-hsmeta.json';
const TAB = 'src/app/cards/tab-hsmeta.json';

const Json = z.record(z.string(), z.unknown());
const json = (file: string) => Json.parse(JSON.parse(readFileSync(file, 'utf8')));

let project: string;
const connect = vi.spyOn(Socket.prototype, 'connect');

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'holdfast-plugin-'));
  cpSync(join(PLUGIN, 'hsproject.json'), join(project, 'hsproject.json'));
  cpSync(join(PLUGIN, 'src'), join(project, 'src'), {
    recursive: true,
    filter: (file) => !file.includes('node_modules'),
  });
  connect.mockClear();
});
afterEach(() => {
  rmSync(project, { recursive: true });
  expect(connect, 'nothing asked the network').not.toHaveBeenCalled();
});

/** Writes a config anew with something changed at a path such as `config.auth.type`. */
function change(file: string, path: string, value: unknown): void {
  const whole = json(join(project, file));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const home = keys.reduce((at, key) => Json.parse(at[key]), whole);
  // Json.parse copies, so the copies are put back from the inside out.
  let changed: Record<string, unknown> = { ...home, [last]: value };
  for (let n = keys.length; n > 0; n -= 1) {
    const parent = keys.slice(0, n - 1).reduce((at, key) => Json.parse(at[key]), whole);
    changed = { ...parent, [keys[n - 1] ?? '']: changed };
  }
  writeFileSync(join(project, file), JSON.stringify(changed));
}

describe('the HubSpot project', () => {
  it('passes the check that can be made without HubSpot', async () => {
    expect(await checkConfigs(PLUGIN)).toEqual([]);
    expect(await checkConfigs(project)).toEqual([]);
  });

  const BAD: [string, () => void, RegExp][] = [
    [
      'a config that is no JSON',
      () => writeFileSync(join(project, APP), '{'),
      /app-hsmeta\.json:\s+- Invalid JSON/,
    ],
    [
      'a uid twice',
      () => change(TAB, 'uid', 'holdfast_account_sidebar'),
      /^Duplicate uid 'holdfast_account_sidebar'/,
    ],
    ['a uid with a blank', () => change(TAB, 'uid', 'a b'), /'uid' should use only/],
    ['a type that HubSpot does not have', () => change(TAB, 'type', 'poster'), /Unsupported type: poster/],
    [
      'a project without an app',
      () => rmSync(join(project, APP)),
      /No \*-hsmeta\.json files were found with type 'app'/,
    ],
    [
      'a field that is not there',
      () => change(APP, 'colour', 'red'),
      /Unexpected top-level properties found: colour/,
    ],
    [
      'OAuth, which is another app',
      () => change(APP, 'config.auth.type', 'oauth'),
      /config\.auth\.type: must be equal to constant/,
    ],
    [
      'an app for the marketplace',
      () => change(APP, 'config.distribution', 'marketplace'),
      /config\.distribution: must be equal/,
    ],
    [
      'plain http for the cards’ address',
      () => change(APP, 'config.permittedUrls.fetch', ['http://x.example']),
      /config\.permittedUrls\.fetch\.0: must match pattern/,
    ],
    [
      'a variable that the profile lacks',
      () => change(APP, 'config.permittedUrls.fetch', ['${OTHER}']),
      /Missing value for OTHER/,
    ],
    [
      'a place that HubSpot does not have',
      () => change(SIDEBAR, 'config.location', 'crm.record.roof'),
      /config\.location: must be equal to one of/,
    ],
    [
      'an entrypoint that is no file',
      () => change(SIDEBAR, 'config.entrypoint', '/app/cards/Nothing.tsx'),
      /Nothing\.tsx is missing/,
    ],
    [
      'a card without its lockfile',
      () => rmSync(join(project, 'src/app/cards/package-lock.json')),
      /package-lock\.json is missing/,
    ],
    [
      'a config in a folder that HubSpot skips',
      () => {
        mkdirSync(join(project, 'src/app/cards/deep'));
        renameSync(join(project, TAB), join(project, 'src/app/cards/deep/tab-hsmeta.json'));
      },
      /does not read/,
    ],
  ];

  it.each(BAD)('is refused with %s', async (_name, spoil, sentence) => {
    spoil();
    expect((await checkConfigs(project)).join('\n')).toMatch(sentence);
  });

  it('asks for a scope for every record type that the sync reads, and for no write', () => {
    const { auth } = z
      .object({
        config: z.object({
          auth: z.object({ requiredScopes: z.array(z.string()), optionalScopes: z.array(z.string()) }),
        }),
      })
      .parse(json(join(project, APP))).config;
    const scopes = [...auth.requiredScopes, ...auth.optionalScopes];
    for (const type of STANDARD_TYPES) expect(scopes).toContain(readScope(type));
    expect(scopes.filter((scope) => /write|sensitive/.test(scope))).toEqual([]);
  });
});

describe('the packages of the cards', () => {
  const Package = z.object({ dependencies: z.record(z.string(), z.string()) });
  const Lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });
  const own = Package.parse(json(join(PLUGIN, 'src/app/cards/package.json'))).dependencies;

  it('are in the tests the versions that HubSpot will build with', () => {
    const root = z
      .object({ devDependencies: z.record(z.string(), z.string()) })
      .parse(json(join(ROOT, 'package.json'))).devDependencies;
    for (const [name, version] of Object.entries(own)) expect([name, root[name]]).toEqual([name, version]);
  });

  it('are in both lockfiles in the same versions, down to those they bring along', () => {
    const root = Lock.parse(json(join(ROOT, 'package-lock.json'))).packages;
    const cards = Lock.parse(json(join(PLUGIN, 'src/app/cards/package-lock.json'))).packages;
    const names = ['@hubspot/ui-extensions', '@remote-ui/core', '@remote-ui/react', 'react'];
    for (const name of names) {
      const path = `node_modules/${name}`;
      expect([name, cards[path]?.version]).toEqual([name, root[path]?.version]);
    }
  });
});
