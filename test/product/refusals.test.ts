import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeHubSpot, type FakeHubSpot } from '../../src/demo/fake/server.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';

const ANCHOR = new Date('2026-03-01T09:00:00Z');

async function hubspot(portalId = 4242): Promise<FakeHubSpot> {
  const fake = await startFakeHubSpot({
    source: generatePortal({ seed: 2, accounts: 15, anchor: ANCHOR, portalId }),
    keepLog: false,
  });
  onTestFinished(() => fake.close());
  return fake;
}

async function settings(
  fake: FakeHubSpot,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  return {
    DATA_DIR: await temporaryFolder(),
    HUBSPOT_ACCESS_TOKEN: 'demo-token',
    HUBSPOT_API_URL: fake.url,
    ...more,
  };
}

it('bad settings are all listed in one message', async () => {
  const result = await runCommand(['start'], {
    DATA_DIR: await temporaryFolder(),
    PORT: 'eighty',
    SYNC_EVERY_MINUTES: '0',
    SECRET_KEY: 'short',
    DATABASE_URL: 'mysql://x',
  });
  expect(result.code).toBe(1);
  for (const name of ['PORT', 'SYNC_EVERY_MINUTES', 'SECRET_KEY', 'DATABASE_URL'])
    expect(result.err).toContain(name);
  expect(result.err).not.toContain('short');
  expect(result.err).not.toMatch(/\bat .*\.ts/);
});

it('a token HubSpot refuses is said in one sentence, without the token', async () => {
  const env = await settings(await hubspot(), { HUBSPOT_ACCESS_TOKEN: 'pat-wrong-0001' });
  const sync = await runCommand(['sync'], env);
  expect(sync.code).toBe(1);
  expect(sync.out).toMatch(/HubSpot refused the access token/);
  const doctor = await runCommand(['doctor'], env);
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(/✗ HubSpot access: HubSpot refused the access token/);
  const log = await readFile(join(env['DATA_DIR'] ?? '', 'logs', 'command.log'), 'utf8');
  expect(sync.out + sync.err + doctor.out + log).not.toContain('pat-wrong-0001');
});

it('a missing scope is told by sync and doctor and costs one record type', async () => {
  const fake = await hubspot();
  fake.faults.missingScopes = new Map([['tickets', 0]]);
  const env = await settings(fake);
  const sync = await runCommand(['sync'], env);
  expect(sync.code).toBe(0);
  expect(sync.out).toMatch(/tickets/);
  expect((await runCommand(['doctor'], env)).out).toMatch(/· HubSpot tickets: .*tickets/);
});

it('no network is said in one sentence', async () => {
  const fake = await hubspot();
  const env = await settings(fake);
  await fake.close();
  const sync = await runCommand(['sync'], env);
  expect(sync.code).toBe(1);
  expect(sync.out).toMatch(
    /HubSpot did not answer .*the connection was refused; check the network and HUBSPOT_API_URL/,
  );
}, 90_000);

it('the token of another portal is refused, and what is there stays', async () => {
  const first = await hubspot(4242);
  const env = await settings(first);
  expect((await runCommand(['sync'], env)).code).toBe(0);
  const other = await hubspot(5151);
  const result = await runCommand(['sync'], { ...env, HUBSPOT_API_URL: other.url });
  expect(result.code).toBe(1);
  expect(result.out).toMatch(/belongs to HubSpot portal 5151, but this Holdfast holds portal 4242/);
  expect((await runCommand(['sync', '--json'], env)).out).toMatch(/"changed": 0/);
});

it('a damaged warehouse and damaged published data are named, left as they are, and the doctor ends with 1', async () => {
  const env = await settings(await hubspot(), { SMTP_URL: 'smtp://localhost' });
  expect((await runCommand(['sync'], env)).code).toBe(0);
  const folder = join(env['DATA_DIR'] ?? '', 'warehouse', 'main');
  const published = (await readdir(folder)).find((name) => /^current-.*\.duckdb$/.test(name)) ?? '';
  const damaged = new Map<string, Buffer>();
  for (const file of [join(folder, 'mirror.duckdb'), join(folder, published)]) {
    damaged.set(file, (await readFile(file)).fill(7, 0, 20_000));
    await writeFile(file, damaged.get(file) ?? '');
  }
  const refused = /warehouse file .* is damaged or was written by a newer DuckDB\. Put it back/;
  const sync = await runCommand(['sync'], env);
  expect([sync.code, sync.out + sync.err]).toEqual([1, expect.stringMatching(refused)]);
  const doctor = await runCommand(['doctor'], env);
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(/✗ warehouse: The warehouse file .* is damaged/);
  expect(doctor.out).toMatch(/✗ data: The published data of this portal are damaged\. Sync now/);
  expect(doctor.out).toMatch(/· hubspot: The last sync ended before it was through with HubSpot/);
  expect(doctor.out).toMatch(/· settings: SMTP_URL is set; what it is for is not in this version/);
  for (const [file, bytes] of damaged) expect((await readFile(file)).equals(bytes), file).toBe(true);
});

it('what is set and changes nothing is noted at the start', async () => {
  const env = { DATA_DIR: await temporaryFolder(), HUBSPOT_CLIENT_SECRET: 'secret' };
  const start = await runCommand(['start', '--accounts', '0'], env);
  expect(start.out).toBe(
    'Note: HUBSPOT_CLIENT_SECRET is set without HUBSPOT_ACCESS_TOKEN: this is the demo portal, not yours.\n',
  );
  expect(start.err).toMatch(/--accounts must be a whole number from 1/);
});

it('a folder that cannot be written and a file in its place are said in one sentence', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), 'x');
  const result = await runCommand(['sync'], { DATA_DIR: join(folder, 'file', 'data') }, { cwd: folder });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/The data folder .* cannot be written/);
});

it('what is no backup is refused before anything is changed', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'not-a-backup.tar.gz');
  await writeFile(file, 'hello');
  await mkdir(join(folder, 'data'));
  const result = await runCommand(['restore', file], { DATA_DIR: join(folder, 'data') });
  expect(result).toMatchObject({ code: 1 });
  expect(result.err).toMatch(/is no backup of Holdfast, or it is cut off. Nothing was changed/);
  expect((await runCommand(['restore', 'missing'], { DATA_DIR: join(folder, 'data') })).err).toMatch(
    /There is no file/,
  );
});

it('OAuth settings are refused with what to do instead', async () => {
  const result = await runCommand(['start'], {
    DATA_DIR: await temporaryFolder(),
    HUBSPOT_CLIENT_ID: 'id',
    HUBSPOT_CLIENT_SECRET: 'secret',
    HUBSPOT_APP_ID: '1',
  });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/OAuth, which is not in this version/);
});

it('a command nobody knows is answered with where to look', async () => {
  const result = await runCommand(['sink'], { DATA_DIR: await temporaryFolder() });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/unknown command 'sink'/);
});
