import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cp, mkdir, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { translateFailure } from '../../src/warehouse/failure.ts';
import { prepareTables } from '../../src/warehouse/tables.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { temporaryFolder } from '../support/folder.ts';
import { digests, openMirror, PORTAL, rowsOf, type Row } from './mirror.ts';

const CHILD = fileURLToPath(new URL('./warehouse-child.ts', import.meta.url));
const DAMAGED =
  /^The warehouse file \S+mirror\.duckdb is damaged or was written by a newer DuckDB\. Put it back with: holdfast restore <file>, or move its folder away and sync again\. It was not changed\.$/;

function inChild(deed: string, dataDir: string): { child: ChildProcess; said: Promise<Row> } {
  const child = fork(CHILD, [deed, dataDir]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = new Promise<Row>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Row));
    child.once('exit', () => reject(new Error('the child said nothing')));
  });
  said.catch(() => {});
  return { child, said };
}

function reopen(dataDir: string): ReturnType<typeof openWarehouse> {
  return openWarehouse({ dataDir, portal: PORTAL, log: silentLog });
}

describe('writing', () => {
  it('makes every table and column with a comment that says what it is', async () => {
    const { warehouse } = await openMirror();
    expect(await rowsOf(warehouse, `select table_name from duckdb_tables() where comment is null`)).toEqual(
      [],
    );
    expect(
      await rowsOf(
        warehouse,
        `select table_name, column_name from duckdb_columns() where comment is null and not internal`,
      ),
    ).toEqual([]);
    const [counted] = await rowsOf(
      warehouse,
      'select count(*)::integer as n from duckdb_columns() where not internal',
    );
    expect(Number(counted?.['n'])).toBeGreaterThan(60);
  });

  it('commits what resolves and rolls back what throws', async () => {
    const { warehouse } = await openMirror();
    await warehouse.write((db) => db.run(`insert into association_due values ('companies', '1')`));
    const failing = warehouse.write(async (db) => {
      await db.run(`insert into association_due values ('companies', '2')`);
      throw new AppError('conflict', 'no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(warehouse.write((db) => db.run('select nonsense'))).rejects.toThrow(/nonsense/);
    expect(await rowsOf(warehouse, 'from association_due')).toEqual([{ object_type: 'companies', id: '1' }]);
  });

  it('does one write after the other, and shows readers only what is committed', async () => {
    const { warehouse } = await openMirror();
    const order: string[] = [];
    const [halfway, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = warehouse.write(async (db) => {
      order.push('first begins');
      await db.run(`insert into association_due values ('companies', '1')`);
      halfway.resolve();
      await go.promise;
      order.push('first ends');
    });
    const second = warehouse.write(() => {
      order.push('second begins');
      return Promise.resolve();
    });
    const third = warehouse.alone(() => {
      order.push('third begins');
      return Promise.resolve();
    });
    await halfway.promise;
    expect(await rowsOf(warehouse, 'from association_due')).toEqual([]);
    go.resolve();
    await Promise.all([first, second, third]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'third begins']);
    expect(await rowsOf(warehouse, 'from association_due')).toHaveLength(1);
  });

  it('asks the fence before every commit, and commits nothing once it refuses', async () => {
    const { warehouse } = await openMirror();
    let asked = 0;
    let isOurs = true;
    warehouse.setFence(() => {
      asked += 1;
      return isOurs ? Promise.resolve() : Promise.reject(new AppError('conflict', 'taken over'));
    });
    await warehouse.write((db) => db.run(`insert into association_due values ('companies', '1')`));
    isOurs = false;
    const refused = warehouse.write((db) => db.run(`insert into association_due values ('companies', '2')`));
    await expect(refused).rejects.toMatchObject({ code: 'conflict', message: 'taken over' });
    expect(asked).toBe(2);
    expect(await rowsOf(warehouse, 'select id from association_due')).toEqual([{ id: '1' }]);
  });

  it('refuses a second process with a sentence, and lets it in when the first was killed', async () => {
    const { dataDir, warehouse } = await openMirror();
    expect(await inChild('open', dataDir).said).toEqual({
      code: 'conflict',
      message: expect.stringMatching(
        /^Another process is writing \S+mirror\.duckdb\. Stop it first; one process writes a portal's warehouse\.$/,
      ),
    });
    await warehouse.write((db) => db.run(`insert into association_due values ('companies', '1')`));
    await warehouse.close();
    const next = inChild('open', dataDir);
    expect(await next.said).toEqual({ open: true });
    await expect(reopen(dataDir)).rejects.toMatchObject({ code: 'conflict' });
    next.child.kill('SIGKILL');
    await once(next.child, 'exit');
    const again = await reopen(dataDir);
    expect(await rowsOf(again, 'select id from association_due')).toEqual([{ id: '1' }]);
    await again.close();
  });
});

describe('a file that is not as we left it', () => {
  let whole = '';

  // A mirror whose last commit lies in the log, as a killed process leaves it.
  beforeAll(async () => {
    const { mkdtemp } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    whole = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const first = await reopen(whole);
    await first.write((db) =>
      db.run(`insert into association_due select 'companies', range from range(50000)`),
    );
    await first.close();
    const child = fork(CHILD, ['write and die', whole]);
    await once(child, 'exit');
    await stat(join(whole, 'warehouse/main/mirror.duckdb.wal'));
  });
  afterAll(() => rm(whole, { recursive: true, force: true }));

  async function copy(): Promise<{ dataDir: string; file: string; log: string }> {
    const dataDir = await temporaryFolder();
    const folder = join(dataDir, 'warehouse/main');
    await mkdir(folder, { recursive: true });
    await cp(join(whole, 'warehouse/main'), folder, { recursive: true });
    return { dataDir, file: join(folder, 'mirror.duckdb'), log: join(folder, 'mirror.duckdb.wal') };
  }

  it('keeps what a killed process had committed and nothing of what it had not', async () => {
    const { dataDir } = await copy();
    const warehouse = await reopen(dataDir);
    expect(await rowsOf(warehouse, `select id from association_due where id in ('kept', 'torn')`)).toEqual([
      { id: 'kept' },
    ]);
    await warehouse.close();
  });

  it('refuses a damaged file or log with one sentence, and leaves every byte', async () => {
    type Files = Awaited<ReturnType<typeof copy>>;
    const damages: Record<string, (files: Files) => Promise<void>> = {
      'cut to its head': ({ file }) => truncate(file, 100),
      empty: ({ file }) => truncate(file, 0),
      noise: async ({ file }) => writeFile(file, Buffer.alloc((await stat(file)).size, 7)),
      'another kind of file': ({ file }) => writeFile(file, 'SQLite format 3\0'),
      // DuckDB keeps two heads and uses the newer one: which of them depends on how often it has saved.
      'a flipped byte in its heads': async ({ file }) => {
        await flip(file, 4096 + 20);
        await flip(file, 8192 + 20);
      },
      'a log of noise': ({ log }) => writeFile(log, Buffer.alloc(4000, 9)),
      'a log with a flipped head': ({ log }) => flip(log, 2),
      'a log flipped inside': async ({ log }) => flip(log, Math.floor((await stat(log)).size / 2)),
    };
    for (const [name, damage] of Object.entries(damages)) {
      const files = await copy();
      await damage(files);
      const before = await digests(files.dataDir);
      await expect(reopen(files.dataDir), name).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(DAMAGED),
      });
      expect(await digests(files.dataDir), name).toEqual(before);
    }
  });

  it('says so when a damage shows only while reading', async () => {
    const damages: Record<string, (file: string, size: number) => Promise<void>> = {
      'cut in half': (file, size) => truncate(file, Math.floor(size / 2)),
      'flipped in many places': async (file, size) => {
        for (let at = 262_144 + 12_288 + 4096; at < size; at += 65_536) await flip(file, at);
      },
    };
    for (const [name, damage] of Object.entries(damages)) {
      const { dataDir, file } = await copy();
      await damage(file, (await stat(file)).size);
      const read = async (): Promise<void> => {
        const warehouse = await reopen(dataDir);
        onTestFinished(() => warehouse.close());
        await rowsOf(warehouse, 'select count(distinct id) from association_due');
      };
      await expect(read(), name).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(DAMAGED),
      });
    }
  });

  it('begins anew where a crash left a log of zeros, which never held a commit', async () => {
    const { dataDir, log } = await copy();
    await writeFile(log, Buffer.alloc(512));
    const warehouse = await reopen(dataDir);
    expect(await rowsOf(warehouse, 'select count(*)::integer as n from association_due')).toEqual([
      { n: 50_000 },
    ]);
    await warehouse.close();
  });

  it('refuses tables of a newer version with one sentence, and leaves every byte, the log included', async () => {
    const { dataDir } = await copy();
    await once(inChild('be newer and die', dataDir).child, 'exit');
    const before = await digests(dataDir);
    expect(Object.keys(before).some((name) => name.endsWith('.wal'))).toBe(true);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(reopen(dataDir)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(
          /^The warehouse \S+mirror\.duckdb was written by a newer Holdfast\. Start that version, or restore a backup made with this one; it was not changed\.$/,
        ),
      });
      expect(await digests(dataDir)).toEqual(before);
    }
  });
});

describe('a full disk', () => {
  // A limit on the size of files stands in for the disk: the same failing write, and no rights are needed for it.
  it('ends a write with one sentence and loses nothing that was committed', async () => {
    const dataDir = await temporaryFolder();
    await (await reopen(dataDir)).close();
    const shell = `ulimit -f 3000; exec '${process.execPath}' '${CHILD}' 'fill the disk' '${dataDir}'`;
    const child = spawn('bash', ['-c', shell], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const said: Row[] = [];
    child.on('message', (message) => said.push(message as Row));
    await once(child, 'exit');
    const failure = said.at(-1);
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^The disk is full while writing \S+mirror\.duckdb\. Free space and sync again; everything committed before is safe\.$/,
      ),
    });
    const committed = said.filter((message) => 'committed' in message).length;
    expect(committed).toBeGreaterThan(2);
    const again = failure?.['again'] as Row;
    const mayFollow = again['message'] === 'it went on' ? ['after'] : [];

    const warehouse = await reopen(dataDir);
    const batches = await rowsOf(
      warehouse,
      `select object_type, count(*)::integer as n from association_due where object_type <> 'after' group by 1 order by n, 1`,
    );
    expect(batches).toHaveLength(committed);
    expect(batches.every((batch) => batch['n'] === 5000)).toBe(true);
    const after = await rowsOf(
      warehouse,
      `select object_type from association_due where object_type = 'after'`,
    );
    expect(after.map((row) => row['object_type'])).toEqual(mayFollow);
    await warehouse.close();
  });
});

/** The numbers of the files in analytics/tables. */
const OURS = readdirSync(new URL('../../analytics/tables/', import.meta.url))
  .map((name) => ({ number: Number(name.slice(0, 4)) }))
  .toSorted((one, other) => one.number - other.number);

describe('new tables', () => {
  const later = {
    number: 9000,
    sql: `create table later (id varchar not null); comment on column later.id is 'x';`,
  };

  it('are added to a warehouse that an older version made, once', async () => {
    const { dataDir, warehouse } = await openMirror();
    await warehouse.close();
    for (let start = 0; start < 2; start += 1) {
      const again = await reopen(dataDir).catch((error: unknown) => error);
      if (start === 1)
        expect(again).toMatchObject({ code: 'conflict' }); // it is newer than this program now
      else {
        const open = again as Awaited<ReturnType<typeof reopen>>;
        await open.alone((db) => prepareTables(db, 'f', [later]));
        await open.alone((db) => prepareTables(db, 'f', [later]));
        expect(await rowsOf(open, 'select number from schema_version order by 1')).toEqual([
          ...OURS,
          { number: 9000 },
        ]);
        await open.close();
      }
    }
  });

  it('survive a kill before anything was checkpointed', async () => {
    const dataDir = await temporaryFolder();
    await mkdir(join(dataDir, 'warehouse/main'), { recursive: true });
    await once(inChild('make tables and die', dataDir).child, 'exit');
    expect((await stat(join(dataDir, 'warehouse/main/mirror.duckdb.wal'))).size).toBeGreaterThan(1000);
    const warehouse = await reopen(dataDir);
    expect(await rowsOf(warehouse, 'select number from schema_version order by 1')).toEqual(OURS);
    expect(await rowsOf(warehouse, 'select table_name from duckdb_tables() where comment is null')).toEqual(
      [],
    );
    await warehouse.close();
  });
});

it('translates only what DuckDB says of the machine, never what a value says', () => {
  const about = (message: string): unknown => translateFailure(new Error(message), 'f');
  expect(about('FATAL Error: database has been invalidated because of a previous fatal error')).toMatchObject(
    {
      code: 'unavailable',
      message: expect.stringMatching(/^The warehouse f met a fault .* Start Holdfast again/),
    },
  );
  const values = [
    "Conversion Error: Could not convert string 'Corrupt disk full' to INT32",
    'Constraint Error: no space left',
    'Parser Error: syntax error at or near "checksum"',
  ];
  for (const value of values) expect(about(value)).toBeInstanceOf(Error);
  for (const value of values) expect(about(value)).not.toBeInstanceOf(AppError);
  expect(translateFailure('thrown text', 'f')).toBe('thrown text');
});

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, at);
  const flipped = buffer.subarray(0, bytesRead).map((byte) => byte ^ 0xff);
  await handle.write(flipped, 0, flipped.length, at);
  await handle.close();
}
