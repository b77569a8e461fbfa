import { readdirSync, readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';

const ANALYTICS = new URL('../../../analytics/', import.meta.url);

export type MartRow = Record<string, unknown>;

/** What the connection carries when marts are computed. */
export interface MartVariables {
  knownAt: Date;
  today: string;
  timeZone?: string;
  homeCurrency?: string;
  appId?: string;
  mapping?: unknown;
  book?: unknown;
}

/** The demo portal's names for what the activity marts read. */
export const ACTIVITY_MAPPING = {
  accounts: { monthly_active_users: 'hf_monthly_active_users' },
  usage: {
    object_type: '2-7654321',
    day: 'usage_month',
    feature: 'feature',
    count: 'event_count',
    active_users: 'active_users',
  },
  invoices: { paid: 'hf_paid_date' },
};

/** Loads what the activity marts stand on: staging, and the accounts of records. The mirror is attached under its own name. */
export async function loadStaging(db: DuckDBConnection, variables: MartVariables): Promise<void> {
  await setVariables(db, variables);
  const folder = new URL('staging/', ANALYTICS);
  const files = readdirSync(folder).filter((name) => /^(01|1\d|5\d)_\w+\.sql$/.test(name));
  for (const file of files.toSorted()) await db.run(readFileSync(new URL(file, folder), 'utf8'));
  await db.run(`create or replace temp table _imported_accounts as ${martSelect('_imported_accounts')}`);
  await db.run(`create or replace temp table _record_accounts as ${martSelect('_record_accounts')}`);
}

export async function setVariables(db: DuckDBConnection, variables: MartVariables): Promise<void> {
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  await db.run(`set TimeZone = 'UTC'`);
  await db.run(`set variable mapping = ${text(JSON.stringify(variables.mapping ?? ACTIVITY_MAPPING))}::json`);
  await db.run(
    `set variable book = ${text(JSON.stringify(variables.book ?? { merged: 'fold_history' }))}::json`,
  );
  await db.run(`set variable known_at = timestamptz ${text(variables.knownAt.toISOString())}`);
  await db.run(`set variable today = date ${text(variables.today)}`);
  await db.run(`set variable time_zone = ${text(variables.timeZone ?? 'Europe/Berlin')}`);
  await db.run(`set variable home_currency = ${text(variables.homeCurrency ?? 'EUR')}`);
  await db.run(`set variable app_id = ${text(variables.appId ?? '4711')}`);
}

/** The text of a mart: one select. */
export function martSelect(name: string): string {
  return readFileSync(new URL(`marts/${name}.sql`, ANALYTICS), 'utf8').replace(/;\s*$/, '');
}

/** All rows of a mart; days as text, moments as ISO text, decimals as numbers. */
export async function martRows(db: DuckDBConnection, name: string): Promise<MartRow[]> {
  const reader = await db.runAndReadAll(martSelect(name));
  return reader.getRowObjectsJS().map((row) => {
    return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value, key)]));
  });
}

function plain(value: unknown, key: string): unknown {
  if (value instanceof Date) {
    const iso = value.toISOString();
    return key === 'at' || key.endsWith('_at') ? iso : iso.slice(0, 10);
  }
  return typeof value === 'bigint' ? Number(value) : value;
}
