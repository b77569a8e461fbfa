import { createMart, marts } from '../../../src/warehouse/build.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  contract,
  fillContracts,
  HOUSE,
  martSelect,
  openBook,
  STEPS,
  type Contract,
  type Rules,
} from '../movements/book.ts';

export const LEAVERS = [2, 4, 7, 9, 12, 14, 17, 20, 23];
export const JOINERS = [1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 15, 16, 18, 19, 21, 22, 24, 26, 28];
export const SMALLER = [3, 8, 13, 18, 25];
export const LARGER = [1, 5, 6, 10, 16, 19, 27, 29];

/** A day of the month. */
export function june(day: number): string {
  return `2026-06-${String(day).padStart(2, '0')}`;
}

function customer(account_id: string, changes: Partial<Contract> = {}): Contract {
  return contract({
    account_id,
    contract_id: account_id,
    start_date: '2025-03-01',
    term_months: 1,
    ...changes,
  });
}

function repriced(account_id: string, day: number, mrr: string): Contract[] {
  return [
    customer(account_id, { service_end_date: june(day) }),
    customer(account_id, { contract_id: `${account_id} b`, start_date: june(day), mrr }),
  ];
}

/** The month of metrics.md, section 5. */
export const GOLDEN_MONTH: readonly Contract[] = [
  ...LEAVERS.map((day) => customer(`leaver ${day}`, { service_end_date: june(day) })),
  customer('notice giver', { notice_date: june(25), service_end_date: '2026-07-03' }),
  customer('returner', { service_end_date: june(10) }),
  customer('returner', { contract_id: 'returner b', start_date: june(20) }),
  ...SMALLER.flatMap((day) => repriced(`smaller ${day}`, day, '80')),
  ...LARGER.flatMap((day) => repriced(`larger ${day}`, day, '150')),
  ...Array.from({ length: 76 }, (_, index) => customer(`steady ${index}`)),
  customer('short stay', { start_date: june(5), service_end_date: june(15) }),
  ...JOINERS.map((day) => customer(`joiner ${day}`, { start_date: june(day) })),
];

interface Book {
  today: string;
  rules?: Partial<Rules>;
  /** give every account rows of its own in every way of reading */
  differing?: 'all';
  /** of the ways of reading those that it keeps, each costs its time; all where it is left out */
  isRead?: (rules: string) => boolean;
}

/** A connection with the account steps of these contracts, as a published file has them. */
export async function loadSteps(contracts: readonly Contract[], book: Book): Promise<DuckDBConnection> {
  const db = await openBook();
  await fillSteps(db, contracts, book);
  return db;
}

/** Puts these contracts and their account steps in the place of those before. */
export async function fillSteps(
  db: DuckDBConnection,
  contracts: readonly Contract[],
  { today, rules = {}, differing, isRead = () => true }: Book,
): Promise<void> {
  await fillContracts(db, contracts, { ...HOUSE, ...rules }, today);
  for (const step of STEPS) await db.run(`create or replace temp table ${step} as ${martSelect(step)}`);
  for (const mart of marts()) {
    if (!['_step_accounts', 'account_steps'].includes(mart.name)) continue;
    await createMart(
      db,
      { ...mart, under: mart.under.filter(({ rules: way }) => isRead(way)) },
      `or replace temp table ${mart.name}`,
    );
    if (mart.name === '_step_accounts' && differing === 'all')
      await db.run('update _step_accounts set has_notice = true, has_lapse = true, has_free = true');
  }
}

/** Losses at the end of service, free is churn: what the house's way is read from. */
export function isHouseWay(way: string): boolean {
  return way.includes('"moment": "service_end"') && way.includes('"paid_to_free_house": "churn"');
}
