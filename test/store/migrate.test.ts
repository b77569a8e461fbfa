import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { listMigrations, migrate, pingStore } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/sql.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freshDatabase } from '../support/stores.ts';

async function opened(url: string): Promise<Store> {
  const store = await openPostgres(url, silentLog);
  onTestFinished(() => store.close());
  return store;
}

it('brings an empty database up when several processes start on it at once', async () => {
  for (let round = 0; round < 3; round += 1) {
    const url = await freshDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => opened(url)));
    await Promise.all(stores.map((store) => migrate(store, silentLog)));
    const applied = await stores[0]?.query('select name from holdfast.migrations order by number');
    expect(applied).toEqual(listMigrations().map(({ name }) => ({ name })));
  }
});

it('goes on after a migration that fails half-way, as if it had not begun', async () => {
  const store = await openMemoryPglite();
  onTestFinished(() => store.close());
  const broken = {
    number: 9000,
    name: '9000_broken.sql',
    checksum: 'x',
    sql: 'create table holdfast.half (id integer);\ncreate table nowhere.other (id integer);\n',
  };
  await expect(migrate(store, silentLog, [...listMigrations(), broken])).rejects.toThrow(/nowhere/);
  await migrate(store, silentLog);
  const mended = { ...broken, sql: 'create table holdfast.half (id integer);\n' };
  await migrate(store, silentLog, [...listMigrations(), mended]);
  expect(await store.query('select * from holdfast.half')).toEqual([]);
});

it('opens the store whole or says in one sentence why not, and closes it again', async () => {
  const dataDir = await temporaryFolder();
  const first = await openStore({ databaseUrl: null, dataDir, log: silentLog });
  await pingStore(first);
  await first.query(`insert into holdfast.migrations (number, name, checksum) values (9999, 'later', 'x')`);
  await first.close();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(openStore({ databaseUrl: null, dataDir, log: silentLog })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/written by a newer Holdfast\. Start that version.*nothing was changed/),
    });
  }
  const databaseUrl = await freshDatabase();
  await (await openStore({ databaseUrl, dataDir, log: silentLog })).close();
  const store = await opened(databaseUrl);
  await store.query(`update holdfast.migrations set checksum = 'edited' where number = 1`);
  await expect(openStore({ databaseUrl, dataDir, log: silentLog })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/0001_platform\.sql differs .* Put the released file back/),
  });
});

it('has every statement of every migration once, in files that no release edits', () => {
  const migrations = listMigrations();
  expect(migrations.map((one) => one.number)).toEqual(migrations.map((_, n) => n + 1));
  for (const { sql, checksum } of migrations)
    expect(checksum).toBe(createHash('sha256').update(sql).digest('hex'));
});
