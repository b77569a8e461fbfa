import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Sql, Store } from './sql.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  number: number;
  name: string;
  sql: string;
  checksum: string;
}

/** Every migration of this program, in order. A released one is never edited: its checksum is kept with its row. */
export function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(new URL(name, FOLDER), 'utf8');
      return {
        number: Number(name.slice(0, 4)),
        name,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    });
}

/**
 * Brings the schema up to this program's, each migration in a transaction of its own.
 * Throws AppError `conflict` when a newer program wrote the store or a released migration was edited.
 */
export async function migrate(
  store: Store,
  log: Log,
  migrations: readonly Migration[] = listMigrations(),
): Promise<void> {
  await store.tx(prepareMigrations);
  const applied = await store.query<{ number: number; checksum: string }>(
    'select number, checksum from holdfast.migrations order by number',
  );
  const newest = migrations.at(-1)?.number ?? 0;
  if (applied.some((row) => row.number > newest)) {
    throw new AppError(
      'conflict',
      'The operational store was written by a newer Holdfast. Start that version, or restore a backup made with this one; nothing was changed.',
    );
  }
  for (const migration of migrations) {
    const row = applied.find((candidate) => candidate.number === migration.number);
    if (row === undefined) await apply(store, migration, log);
    else if (row.checksum !== migration.checksum) {
      throw new AppError(
        'conflict',
        `The migration ${migration.name} differs from the one this store was made with. Put the released file back; nothing was changed.`,
      );
    }
  }
}

// "If not exists" is no lock: of two starters on an empty database the second would fail. This number is only ours.
const FIRST_START_LOCK = 4_715_190_326;

async function prepareMigrations(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1::bigint)', [FIRST_START_LOCK]);
  await sql.query('create schema if not exists holdfast');
  await sql.query(`create table if not exists holdfast.migrations (
    number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
  )`);
}

async function apply(store: Store, migration: Migration, log: Log): Promise<void> {
  await store.tx(async (sql) => {
    // The row first: of two starters the second waits here for the first and then finds the work done.
    const claimed = await sql.query(
      'insert into holdfast.migrations (number, name, checksum) values ($1, $2, $3) on conflict do nothing returning number',
      [migration.number, migration.name, migration.checksum],
    );
    if (claimed.length === 0) return;
    for (const statement of statements(migration.sql)) await sql.query(statement);
  });
  log.info('migrated the operational store', { migration: migration.name });
}

/** One statement a piece: they end with a semicolon at the end of a line, which no migration has elsewhere. */
function statements(sql: string): string[] {
  return sql
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '');
}

/** Whether the store answers, for health checks. */
export async function pingStore(sql: Sql): Promise<void> {
  await sql.query('select 1');
}
