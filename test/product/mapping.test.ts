import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCommand, type CommandResult } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { removeFolder, startProduct, type RunningProduct } from '../support/product.ts';
import { signIn } from '../support/session.ts';
import { untilTrue } from '../support/wait.ts';

const Book = z.looseObject({ book: z.looseObject({ grace_days: z.number() }) });
const Covered = z.looseObject({
  covered: z.number(),
  uncovered: z.looseObject({ accounts: z.number(), list: z.array(z.looseObject({ id: z.string() })) }),
});
const Checks = z.array(z.looseObject({ name: z.string(), portal: z.string().optional() }));

/** The same questions to a product that runs and to its folder when nothing does. */
function asked(env: () => Record<string, string>) {
  const run = (...args: string[]): Promise<CommandResult> => runCommand(args, env());
  return {
    run,
    book: async () => Book.parse(JSON.parse((await run('mapping', 'show')).out)).book,
    file: async (name: string, change: (mapping: Record<string, unknown>) => void): Promise<string> => {
      const mapping = z.record(z.string(), z.unknown()).parse(JSON.parse((await run('mapping', 'show')).out));
      change(mapping);
      const path = join(env()['DATA_DIR'] ?? '', name);
      await writeFile(path, JSON.stringify(mapping));
      return path;
    },
  };
}

async function expectMappingCommands(env: () => Record<string, string>, graceDays: number): Promise<void> {
  const { run, book, file } = asked(env);
  const changed = await file(`changed-${graceDays}.json`, (mapping) => {
    mapping['book'] = { ...z.record(z.string(), z.unknown()).parse(mapping['book']), grace_days: graceDays };
  });
  const coverage = Covered.parse(JSON.parse((await run('mapping', 'check', changed, '--json')).out));
  expect(coverage.covered).toBeGreaterThan(50);
  expect(coverage.uncovered.list).toHaveLength(coverage.uncovered.accounts);
  expect((await book()).grace_days).not.toBe(graceDays);
  const set = await run('mapping', 'set', changed);
  expect(set.out).toMatch(/^Version \d+ is stored, and what is shown was computed with it\.$/m);
  expect((await book()).grace_days).toBe(graceDays);
  expect((await run('mapping', 'versions')).out).toContain(`book.grace_days is now ${graceDays}`);
}

describe('the mapping and imported portals', () => {
  let product: RunningProduct;
  const env = () => ({ DATA_DIR: product.dataDir });
  const { run } = asked(env);

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-mapping-'));
    await writeFile(join(dataDir, 'accounts.csv'), 'id,name\nA1,Alpha\nA2,Beta\n');
    const files = [{ file: 'accounts.csv', kind: 'accounts', columns: { account_id: 'id', name: 'name' } }];
    const mapping = join(dataDir, 'import.json');
    await writeFile(mapping, JSON.stringify({ version: 1, imports: { files } }));
    const imported = await runCommand(['import', dataDir, '--mapping', mapping], { DATA_DIR: dataDir });
    expect(imported.code, imported.err).toBe(0);
    product = await startProduct({ dataDir, args: ['--accounts', '80', '--weeks', '0'] });
    await untilTrue('the first sync is published', async () => (await fetch(`${product.url}/readyz`)).ok);
  }, 120_000);
  afterAll(async () => {
    await product.stop();
    await removeFolder(product.dataDir);
  });

  it('answer while the product runs', async () => {
    await expectMappingCommands(env, 45);
    const { file, book } = asked(env);
    const few = await file('few.json', (mapping) => {
      mapping['contracts'] = { order: ['subscriptions'] };
    });
    const told = await run('mapping', 'check', few);
    expect(told.out).toMatch(
      /few\.json can be used\. Nothing was stored\.\nContracts of \d+ accounts:\n {2}subscriptions: /,
    );
    const same = await run('mapping', 'set', join(product.dataDir, 'changed-45.json'));
    expect(same.out).toMatch(/^Nothing was changed: version \d+ says the same\.$/m);
    const wrongFile = join(product.dataDir, 'wrong.json');
    await writeFile(wrongFile, '{"version": 1, "x": 1, "book": {"grace_days": -1}}');
    const wrong = await run('mapping', 'set', wrongFile);
    expect(wrong).toMatchObject({ code: 1, out: '' });
    for (const part of ['wrong.json', '"x"', 'book.grace_days']) expect(wrong.err).toContain(part);
    expect((await book()).grace_days).toBe(45);
    const proposed: unknown = JSON.parse((await run('mapping', 'propose')).out);
    expect(proposed).toMatchObject({ version: 1, accounts: { plan: 'hf_plan' }, book: { grace_days: 30 } });
    expect(await run('mapping', 'show', '--portal', 'nowhere')).toMatchObject({
      code: 1,
      err: 'There is no portal nowhere. There are: demo, import.\n',
    });
  }, 180_000);

  it('the doctor says what covers whom, for the imported portal too, and writes who is not covered into a file', async () => {
    const file = join(product.dataDir, 'uncovered.csv');
    const doctor = await run('doctor', '--uncovered', file);
    expect(doctor.out).toMatch(/✓ mapping: version 2\. Contracts of \d+ accounts: subscriptions: \d+/);
    expect(doctor.out).toMatch(/mapping of import: version 1\./);
    const listed = Covered.shape.uncovered.shape.list
      .parse(
        Checks.parse(JSON.parse((await run('doctor', '--json')).out)).find(
          ({ name }) => name === 'uncovered',
        )?.['accounts'] ?? [],
      )
      .map(({ id }) => id);
    const written = (await readFile(file, 'utf8')).trim().split('\n').slice(1);
    expect(written.filter((line) => line.startsWith(','))).toHaveLength(listed.length);
    expect((await run('doctor', '--uncovered', file)).err).toMatch(/is there already/);
    const one = Checks.parse(JSON.parse((await run('doctor', '--portal', 'import', '--json')).out));
    expect(one.map(({ name }) => name)).toContain('mapping');
    expect(one.map(({ name }) => name)).not.toContain('hubspot');
  }, 60_000);

  it('a link leads into the imported portal, whose pages say so', async () => {
    const link = await run('link', '--portal', 'import');
    const { cookie } = await signIn({ signInUrl: /(http:\S+\/signin\/\S+)/.exec(link.out)?.[1] ?? '' });
    const page = await (await fetch(product.url, { headers: { cookie } })).text();
    expect(page).toContain('Imported: import');
    expect(page).toContain('2 imported accounts');
    const why = await (await fetch(`${product.url}/why?company=beta`, { headers: { cookie } })).text();
    expect(why).toContain('<h1>Beta</h1>');
  });

  it('usage that a program sends survives a restart and reaches the export', async () => {
    const made = await run('token', 'usage', '--name', 'Nightly', '--portal', 'import');
    const token = /^us_\S+$/m.exec(made.out)?.[0] ?? '';
    const sent = await fetch(`${product.url}/api/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [{ account: 'A2', day: '2026-03-01', feature: 'export', count: 7 }] }),
    });
    expect(sent.status).toBe(202);
    expect((await run('token', 'list', '--portal', 'import')).out).toMatch(
      /Nightly, made .* by command, last used/,
    );
    expect((await run('token', 'list')).out).toMatch(/^There is no token\./);
    expect(await product.stop()).toBe(0);
    const rebuilt = await run('mapping', 'set', join(product.dataDir, 'few.json'), '--portal', 'import');
    expect(rebuilt.code, rebuilt.err).toBe(0);
    const folder = join(product.dataDir, 'exported');
    expect((await run('export', folder, '--portal', 'import')).code).toBe(0);
    expect(await readFile(join(folder, 'usage.csv'), 'utf8')).toMatch(
      /^accounts:A2,2026-03-01,export,7\.0000,,1,api$/m,
    );
  }, 120_000);

  it('answer when nothing runs', async () => {
    await expectMappingCommands(env, 50);
    const [id] = /^\S+/.exec((await run('token', 'list', '--portal', 'import')).out) ?? [''];
    expect((await run('token', 'revoke', id, '--portal', 'import')).code).toBe(0);
    expect((await run('token', 'list', '--portal', 'import')).out).toMatch(/^There is no token\./);
  }, 180_000);

  it('a file that rules becomes the next version at the start, is published, and keeps others from changing it', async () => {
    const { file, book } = asked(env);
    const path = await file('ruling.json', (mapping) => {
      mapping['book'] = { grace_days: 11 };
    });
    product = await startProduct({ dataDir: product.dataDir, env: { MAPPING_FILE: path } });
    await untilTrue('the file is adopted', async () => (await book()).grace_days === 11);
    expect((await run('mapping', 'versions')).out).toMatch(
      /by file\n[\s\S]*book\.grace_days is now 11 \(was 50\)/,
    );
    const refused = await runCommand(['mapping', 'set', path], { ...env(), MAPPING_FILE: path });
    expect(refused.err).toMatch(/is this portal’s mapping \(MAPPING_FILE\)\. Change the file/);
    expect(await product.stop()).toBe(0);
    await writeFile(path, '{"version": 1, "x": 1, "book": {"grace_days": -1}}');
    const start = await runCommand(['start'], { ...env(), MAPPING_FILE: path });
    expect(start.code).toBe(1);
    for (const part of ['ruling.json', '"x"', 'book.grace_days']) expect(start.err).toContain(part);
    const doctor = await runCommand(['doctor'], { ...env(), MAPPING_FILE: path });
    expect(doctor.out).toMatch(/✗ mapping file: .*ruling\.json: The mapping cannot be used/);
  }, 180_000);
});

it('a convention is refused with one sentence', async () => {
  const folder = await temporaryFolder();
  const result = await runCommand(['export', join(folder, 'x'), '--convention', 'SMSB'], {
    DATA_DIR: folder,
  });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/^Conventions are not in this version \(\S+\)\. Leave --convention out\.$/m);
});
