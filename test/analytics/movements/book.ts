import { readdirSync, readFileSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

const STAGING = new URL('../../../analytics/staging/', import.meta.url);
const MARTS = new URL('../../../analytics/marts/', import.meta.url);
/** What stands between contracts and movements, in its order. */
export const STEPS = ['_movement_terms', '_movement_lapses', '_movement_events', '_movement_states'] as const;

/** The columns of `contracts` that movements are computed from. */
export interface Contract {
  contract_id: string;
  account_id: string;
  line: string | null;
  start_date: string;
  service_end_date: string | null;
  notice_date: string | null;
  term_months: number | null;
  mrr: string;
  currency: string;
  home_mrr: string | null;
  is_trial: boolean;
  paused_from: string | null;
  paused_to: string | null;
}

/** The rules of the book that shape movements. */
export interface Rules {
  as_of: string | null;
  grace_days: number;
  grace_edge: 'inclusive' | 'exclusive';
  grace_scope: 'account' | 'contract';
  open_lapse: 'churn' | 'keep';
  paid_to_free_house: 'churn' | 'active';
  pause: 'own_line' | 'churn' | 'keep';
  negative_rows: 'subtract' | 'ignore';
  fixed_fx: 'settings_date' | 'contract_start';
  unit: 'account' | 'parent';
}

export const HOUSE: Rules = {
  as_of: null,
  grace_days: 30,
  grace_edge: 'inclusive',
  grace_scope: 'account',
  open_lapse: 'churn',
  paid_to_free_house: 'churn',
  pause: 'own_line',
  negative_rows: 'subtract',
  fixed_fx: 'settings_date',
  unit: 'account',
};

/** A row of the mart; money as text with four decimals. */
export interface Movement {
  account_id: string;
  day: string;
  month: string;
  kind: string;
  currency: string;
  amount: string;
  home_amount: string | null;
  opening: string;
  closing: string;
  contract_ids: string[];
  is_lapse: boolean;
}

const COLUMNS = `
  contract_id varchar, account_id varchar, source varchar, source_id varchar, line varchar, kind varchar, notice_date date,
  start_date date, end_date date, service_end_date date, auto_renew boolean, value decimal(18, 4), term_months integer,
  is_term_assumed boolean, mrr decimal(18, 4), currency varchar, fx_rate decimal(18, 8), fx_source varchar, home_mrr decimal(18, 4),
  is_trial boolean, paused_from date, paused_to date, churn_kind varchar, churn_reason varchar, replaces varchar, replaced_by varchar,
  recorded_at timestamptz, rules json`;

const READ = `
  insert into contracts by name
  select unnest(from_json($rows, '[{"contract_id":"VARCHAR","account_id":"VARCHAR","line":"VARCHAR","start_date":"DATE",
    "service_end_date":"DATE","notice_date":"DATE","term_months":"INTEGER","mrr":"DECIMAL(18,4)","currency":"VARCHAR","home_mrr":"DECIMAL(18,4)","is_trial":"BOOLEAN",
    "paused_from":"DATE","paused_to":"DATE"}]'), recursive := true)`;

export const TODAY = '2026-06-30';

/** A connection with an empty table of contracts and the macros of the movements. */
export async function openBook(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  await db.run(`create table contracts (${COLUMNS})`);
  await db.run('create table _units (account_id varchar, unit_id varchar)');
  const macros = readdirSync(STAGING).filter((file) => /^9\d_movements_.*\.sql$/.test(file));
  for (const file of macros.toSorted()) await db.run(readFileSync(new URL(file, STAGING), 'utf8'));
  return db;
}

/** Puts these contracts in the place of those before, under these rules of the book. */
export async function fillContracts(
  db: DuckDBConnection,
  contracts: readonly Contract[],
  rules: Rules,
  today: string,
): Promise<void> {
  await db.run('delete from contracts');
  await db.run(READ, { rows: JSON.stringify(contracts) });
  await db.run(`set variable book = '${JSON.stringify(rules)}'::json`);
  await db.run(`set variable today = date '${today}'`);
}

/** What the mart says of these contracts under these rules. */
export async function movementsOf(
  db: DuckDBConnection,
  contracts: readonly Contract[],
  rules: Partial<Rules> = {},
  today = TODAY,
): Promise<Movement[]> {
  await fillContracts(db, contracts, { ...HOUSE, ...rules }, today);
  for (const step of STEPS) await db.run(`create or replace temp table ${step} as ${martSelect(step)}`);
  const reader = await db.runAndReadAll(martSelect('movements'));
  // The rows are the mart's by its own columns; the test of columns holds their names and types.
  return reader.getRowObjectsJson() as unknown as Movement[];
}

export function martSelect(name: string): string {
  return readFileSync(new URL(`${name}.sql`, MARTS), 'utf8').replace(/;\s*$/, '');
}

/** A contract of the account `acme` at 100 EUR from 1 January on, with what the case changes. */
export function contract(changes: Partial<Contract> = {}): Contract {
  const mrr = changes.mrr ?? '100';
  return {
    contract_id: 'c1',
    account_id: 'acme',
    line: null,
    start_date: '2026-01-01',
    service_end_date: null,
    notice_date: null,
    term_months: null,
    mrr,
    currency: 'EUR',
    home_mrr: mrr,
    is_trial: false,
    paused_from: null,
    paused_to: null,
    ...changes,
  };
}
