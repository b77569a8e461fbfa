import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProduct } from '../support/product.ts';
import { signIn } from '../support/session.ts';
import { freshDatabase } from '../support/stores.ts';
import { spawnWorker } from '../support/worker.ts';
import { untilTrue } from '../support/wait.ts';

it('web and worker run apart on PostgreSQL and one folder', async () => {
  const env = { DATABASE_URL: await freshDatabase(), DATA_DIR: await temporaryFolder() };
  const web = await startProduct({ dataDir: env.DATA_DIR, env: { ...env, ROLES: 'web' } });
  onTestFinished(async () => void (await web.stop()));
  const before = await fetch(`${web.url}/readyz`);
  expect(before.status).toBe(503);
  const worker = await spawnWorker({ ...env, ROLES: 'worker' }, ['--accounts', '40', '--weeks', '0']);
  onTestFinished(() => worker.stop());
  await untilTrue(
    'the first sync is published',
    async () => (await fetch(`${web.url}/readyz`)).status === 200,
  );
  const { cookie } = await signIn(web);
  expect(await (await fetch(web.url, { headers: { cookie } })).text()).toContain('<table');
  const sync = await runCommand(['sync'], env); // carried out by the worker, which holds the folder
  expect(sync.out, sync.err).toMatch(/^Sync complete/);
}, 120_000);

it('one half alone is refused without a database', async () => {
  const result = await runCommand(['start', '--roles', 'web'], { DATA_DIR: await temporaryFolder() });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/ROLES can be split only with DATABASE_URL set/);
});
