import { readdirSync, readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../core/errors.ts';

const FOLDER = new URL('../../analytics/tables/', import.meta.url);

/** The numbered files of analytics/tables; released ones are never edited. */
function tableFiles(): { number: number; sql: string }[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .toSorted()
    .map((name) => ({ number: Number(name.slice(0, 4)), sql: readFileSync(new URL(name, FOLDER), 'utf8') }));
}

/** Brings a warehouse's tables up to this program's; refuses one that a newer program wrote, untouched. */
export async function prepareTables(
  db: DuckDBConnection,
  file: string,
  files: readonly { number: number; sql: string }[] = tableFiles(),
): Promise<void> {
  const known = await knownVersion(db);
  const newest = files.at(-1)?.number ?? 0;
  if (known > newest) {
    throw new AppError(
      'conflict',
      `The warehouse ${file} was written by a newer Holdfast. Start that version, or restore a backup made with this one; it was not changed.`,
    );
  }
  for (const { number, sql } of files.filter((one) => one.number > known)) {
    await db.run('begin');
    // No column anywhere defaults to a function: a killed process leaves that in the WAL, and DuckDB 1.5 cannot replay it
    // ("GetDefaultDatabase with no default database set").
    await db.run(
      'create table if not exists schema_version (number integer not null, applied_at timestamptz not null)',
    );
    await db.run(`comment on table schema_version is 'Which numbered files of tables this warehouse has.'`);
    await db.run(`comment on column schema_version.number is 'The file''s number.'`);
    await db.run(`comment on column schema_version.applied_at is 'When it was applied.'`);
    await db.run(sql);
    await db.run('insert into schema_version (number, applied_at) values ($number, now())', { number });
    await db.run('commit');
    await db.run('checkpoint');
  }
}

async function knownVersion(db: DuckDBConnection): Promise<number> {
  const there = await db.runAndReadAll(`select 1 from duckdb_tables() where table_name = 'schema_version'`);
  if (there.currentRowCount === 0) return 0;
  const reader = await db.runAndReadAll(
    'select coalesce(max(number), 0)::integer as number from schema_version',
  );
  return Number(reader.getRowObjectsJS()[0]?.['number'] ?? 0);
}
