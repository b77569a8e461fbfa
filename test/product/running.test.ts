import { SyncResult } from '../../src/core/sync/progress.ts';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tar from 'tar';
import { z } from 'zod';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort, removeFolder, startProduct, type RunningProduct } from '../support/product.ts';
import { signIn } from '../support/session.ts';
import { untilTrue } from '../support/wait.ts';

const Progress = z.looseObject({ state: z.string() });
const Ready = z.looseObject({ ok: z.boolean() });

async function isReady(product: RunningProduct): Promise<boolean> {
  const answer = await fetch(`${product.url}/readyz`);
  return Ready.parse(await answer.json()).ok;
}

describe('a running product', () => {
  let product: RunningProduct;
  let env: Record<string, string>;

  beforeAll(async () => {
    product = await startProduct({ args: ['--accounts', '120', '--weeks', '0'] });
    env = { DATA_DIR: product.dataDir };
    await untilTrue('the first sync is published', () => isReady(product));
  }, 60_000);
  afterAll(async () => {
    await product.stop();
    await removeFolder(product.dataDir);
  });

  it('shows the companies to whoever opens the printed address', async () => {
    const { cookie } = await signIn(product);
    const page = await (await fetch(product.url, { headers: { cookie } })).text();
    expect(page).toContain('<table');
    expect(page).toMatch(/120/);
  });

  it('refuses a second product on its folder with one sentence that names it', async () => {
    const second = await runCommand(['start'], { ...env, PORT: String(await freePort()) });
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/^Holdfast \(start, process \d+, since .*\) is using the data folder/);
    expect(second.err.trim().split('\n')).toHaveLength(1);
    expect(await isReady(product)).toBe(true);
  });

  it('carries out sync, doctor and link for a second process', async () => {
    const sync = await runCommand(['sync', '--json', '--full'], env);
    expect(sync.code).toBe(0);
    const result = SyncResult.parse(JSON.parse(sync.out));
    expect(result.state).toBe('complete');
    expect(result.types.filter((type) => !type.swept || type.reconciled !== 'complete')).toEqual([]);
    const doctor = await runCommand(['doctor'], env);
    expect(doctor.out).toMatch(/✓ worker: /);
    expect(doctor.out).toMatch(/✓ HubSpot access: Portal \d+ answers/);
    expect(doctor.code).toBe(0);
    const link = await runCommand(['link'], env);
    const url = /(http:\S+\/signin\/\S+)/.exec(link.out)?.[1] ?? '';
    expect(await signIn({ signInUrl: url })).toMatchObject({
      cookie: expect.stringMatching(/^sid=se_/) as string,
    });
  });

  it('imports files for a second process, and exports what came of them', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'accounts.csv'), 'id,name\nA1,Alpha\nA2,Beta\n');
    const mapping = join(folder, 'mapping.json');
    const files = [{ file: 'accounts.csv', kind: 'accounts', columns: { account_id: 'id', name: 'name' } }];
    await writeFile(mapping, JSON.stringify({ version: 1, imports: { files } }));
    const done = await runCommand(['import', folder, '--mapping', mapping], env);
    expect(done.code, done.err).toBe(0);
    expect(done.out).toMatch(/2 rows read into the portal import in .*: 2 loaded/);
    const into = join(folder, 'out');
    const exported = await runCommand(['export', into, '--portal', 'import'], env);
    expect(exported.code, exported.err).toBe(0);
    await writeFile(mapping, JSON.stringify({ version: 1 }));
    const refused = await runCommand(['import', folder, '--mapping', mapping], env);
    expect(refused.err).toMatch(/^The mapping has no part "imports"/m);
  });

  it('writes a backup that another folder can be made from', async () => {
    const file = join(product.dataDir, 'one.tar.gz');
    const made = await runCommand(['backup', file], env);
    expect(made.code, made.err).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await runCommand(['backup', file], env)).err).toMatch(/exists already/);
    expect((await runCommand(['restore', file], env)).err).toMatch(/is using the data folder/);
    const held: string[] = [];
    await tar.list({ file, onentry: (entry) => held.push(entry.path) });
    expect(held.filter((name) => /history-demo\/history-\d{4}-\d{2}-\d+\.duckdb$/.test(name))).not.toEqual(
      [],
    );
    const parent = await temporaryFolder();
    const other = join(parent, 'data');
    await mkdir(other);
    const { ino } = await stat(other);
    const restored = await runCommand(['restore', file], { DATA_DIR: other });
    expect(restored.code, restored.err).toBe(0);
    const again = await startProduct({ dataDir: other });
    expect(await isReady(again)).toBe(true);
    const { cookie } = await signIn(again);
    expect(await (await fetch(again.url, { headers: { cookie } })).text()).toContain('<table');
    expect(await again.stop()).toBe(0);
    const twice = await runCommand(['restore', file], { DATA_DIR: other });
    expect(twice.err).toMatch(/is not empty. Give --replace/);
    expect((await runCommand(['restore', file, '--replace'], { DATA_DIR: other })).out).toMatch(
      /What was there is kept in \S+data\/before-restore-/,
    );
    // The folder may be a mount point in a place that cannot be written: it is neither moved nor is anything put beside it.
    expect([(await stat(other)).ino, await readdir(parent)]).toEqual([ino, ['data']]);
    const parts = (await readdir(other)).map((name) => name.replace(/^before-restore-.*/, 'before-restore'));
    expect(parts).toEqual(expect.arrayContaining(['before-restore', 'secret.key', 'store', 'warehouse']));
    expect(parts.filter((name) => name.startsWith('restoring'))).toEqual([]);
    await mkdir(join(other, 'restoring'));
    const half = await runCommand(['doctor'], { DATA_DIR: other });
    expect([half.code, half.err]).toEqual([
      1,
      expect.stringMatching(/^A restore into .* was cut off half-way/),
    ]);
    await rmdir(join(other, 'restoring'));
  }, 90_000);

  it('starts its worker again when it is killed, and says nothing of secrets in its log', async () => {
    const holder = z
      .object({ secret: z.string() })
      .parse(JSON.parse(await readFile(join(product.dataDir, 'holder.json'), 'utf8')));
    const worker = /"role":"worker","pid":(\d+)/.exec(product.output())?.[1];
    process.kill(Number(worker), 'SIGKILL');
    await untilTrue('another worker works', () =>
      Promise.resolve(/a child process ended and is started again/.test(product.output())),
    );
    const sync = await runCommand(['sync'], env);
    expect(sync.out).toMatch(/^Sync complete/);
    const log = product.output().replace(/^Open this address.*$/m, '');
    for (const secret of ['demo-token', holder.secret, 'su_', 'se_']) expect(log).not.toContain(secret);
  });
});

it('stops in order in the middle of the first sync, and the next start goes on', async () => {
  const product = await startProduct({ args: ['--accounts', '400', '--weeks', '0'] });
  const { cookie } = await signIn(product);
  await untilTrue('the sync runs', async () => {
    const answer = await fetch(`${product.url}/api/progress`, { headers: { cookie } });
    return Progress.parse(await answer.json()).state === 'running';
  });
  expect(await product.stop()).toBe(0);
  expect(product.output()).toMatch(/"message":"a sync ended".*"state":"stopped"/);
  const other = await runCommand(['sync'], { DATA_DIR: product.dataDir });
  expect(other.out).toMatch(/^Sync complete/);
  const wrong = await runCommand(['start', '--accounts', '7'], { DATA_DIR: product.dataDir });
  expect(wrong.err).toMatch(/has 400 accounts from seed 1/);
  await removeFolder(product.dataDir);
});

it('leaves no process behind when it is killed, and the next start goes on', async () => {
  const product = await startProduct({ args: ['--accounts', '400', '--weeks', '0'] });
  product.child.kill('SIGKILL');
  await once(product.child, 'exit');
  // A worker that lived on would keep the warehouse to itself.
  const sync = await runCommand(['sync'], { DATA_DIR: product.dataDir });
  expect(sync.out, sync.err).toMatch(/^Sync complete/);
  await removeFolder(product.dataDir);
});

it('says one sentence when its port is taken, and refuses another demo portal on its folder', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const env = { DATA_DIR: await temporaryFolder(), PORT: String(port) };
  const result = await runCommand(['start', '--accounts', '12', '--seed', '3'], env);
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/^Port \d+ is in use. Stop what uses it, or set PORT to another one.$/m);
  for (const other of [
    ['--accounts', '7'],
    ['--seed', '4'],
  ]) {
    const refused = await runCommand(['start', ...other], env);
    expect(refused.code, other.join(' ')).toBe(1);
    expect(refused.err).toMatch(
      /^The demo portal in \S+ has 12 accounts from seed 3 and 78 weeks of past\. Leave --accounts/,
    );
  }
  server.close();
}, 120_000);
