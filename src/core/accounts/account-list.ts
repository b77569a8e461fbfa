import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { Portal } from '../../store/portals.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import type { WebContext } from '../web-context.ts';
import { AccountListInput, FILTERS, wordsOf, type Filter } from './account-list-input.ts';
import { ACCOUNT_STATES, HEALTH_BANDS, RENEWAL_BANDS } from './card-document.ts';
import { hubspotUrl } from './hubspot-url.ts';

const PAGE_SIZE = 50;
const EVERYTHING = 2_000_000_000;

const page = defineQuery({
  file: 'reads/account_page.sql',
  params: z.object({
    filters: z.string(),
    sort: z.string(),
    descending: z.boolean(),
    today: z.iso.date(),
    page_size: z.number(),
    first_row: z.number(),
  }),
  row: z.object({
    account_id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    owner_id: z.string().nullable(),
    owner: z.string().nullable(),
    plan: z.string().nullable(),
    segment: z.string().nullable(),
    status: z.enum(ACCOUNT_STATES),
    annual: z.number().nullable(),
    own_annual: z.number().nullable(),
    own_currency: z.string().nullable(),
    is_rateless: z.boolean(),
    since: z.date().nullable(),
    tenure_days: z.number().nullable(),
    renewal_date: z.date().nullable(),
    notice_deadline: z.date().nullable(),
    days_left: z.number().nullable(),
    band: z.enum(RENEWAL_BANDS).nullable(),
    health: z.number().nullable(),
    health_band: z.enum(HEALTH_BANDS).nullable(),
    coverage: z.number().nullable(),
    change_30: z.number().nullable(),
    last_contact_on: z.date().nullable(),
    open_tickets: z.number(),
    latest_nps: z.number().nullable(),
    latest_nps_on: z.date().nullable(),
    churn_reason: z.string().nullable(),
    churned_on: z.date().nullable(),
    total: z.number(),
    with_value: z.number(),
    rateless: z.number(),
    annual_sum: z.number().nullable(),
  }),
});
type PageRow = Awaited<ReturnType<typeof page>>[number];

const choices = defineQuery({
  file: 'reads/account_choices.sql',
  params: z.object({ filters: z.string() }),
  row: z.object({
    field: z.enum(FILTERS),
    value: z.string(),
    label: z.string().nullable(),
    accounts: z.number(),
  }),
});

const day = defineQuery({
  file: 'reads/account_day.sql',
  params: z.object({}),
  row: z.object({
    today: z.iso.date(),
    known_at: z.iso.datetime({ offset: true }),
    health_version: z.string(),
  }),
});

export type AccountRow = Omit<PageRow, 'total' | 'with_value' | 'rateless' | 'annual_sum'> & {
  hubspotUrl: string | null;
};

/** A value that a field can be filtered by; '' is what is not known. */
export interface Choice {
  value: string;
  /** the owner's name, where the value is a number */
  label: string | null;
  /** how many accounts it would show beside the filters of the other fields */
  accounts: number;
}

export interface AccountTotals {
  accounts: number;
  /** of how many accounts the sum is; the others have no value in force, or none that a rate turns into the portal's currency */
  withValue: number;
  /** accounts with a contract in force that no rate turns into the portal's currency: it is not in the sum */
  rateless: number;
  /** the sum of the annual values, in the portal's currency; null where no account has one */
  annual: number | null;
}

export interface AccountList {
  input: AccountListInput;
  /** the portal's day that days are counted to */
  today: string;
  knownAt: Date;
  /** the rules that scored the health */
  healthVersion: string;
  currency: string | null;
  rows: AccountRow[];
  /** of everything the filters let through, not of the page */
  totals: AccountTotals;
  pages: number;
  choices: Readonly<Record<Filter, Choice[]>>;
}

/**
 * What there is to say of a portal's accounts. `not_ready`: nothing is published yet. `none`: there are data, but no account in them.
 */
export type AccountListAnswer = { state: 'not_ready' | 'none' } | { state: 'listed'; list: AccountList };

/** One page of the accounts that the filters let through, with the totals of all of them. */
export async function getAccountList(
  ctx: WebContext,
  portalId: PortalId,
  raw: unknown,
): Promise<AccountListAnswer> {
  const input = AccountListInput.parse(raw);
  return readAccounts(ctx, portalId, async (db, at) => {
    const [{ rows, page: shown }, found] = [
      await readPage(db, input, at.today),
      await choices(db, { filters: filtersOf(input) }),
    ];
    const totals = totalsOf(rows);
    return {
      input: { ...input, page: shown },
      today: at.today,
      knownAt: new Date(at.known_at),
      healthVersion: at.health_version,
      currency: at.portal.currency,
      rows: rows.map((row) => accountRow(at.portal, row)),
      totals,
      pages: Math.max(1, Math.ceil(totals.accounts / PAGE_SIZE)),
      choices: byField(found),
    };
  });
}

/** All accounts that the filters let through, in the asked order; null while there is no account. */
export async function getAllAccounts(
  ctx: WebContext,
  portalId: PortalId,
  raw: unknown,
): Promise<{ today: string; healthVersion: string; currency: string | null; rows: AccountRow[] } | null> {
  const input = AccountListInput.parse(raw);
  const answer = await readAccounts(ctx, portalId, async (db, at) => ({
    today: at.today,
    healthVersion: at.health_version,
    currency: at.portal.currency,
    rows: (await page(db, pageParams(input, at.today, EVERYTHING, 0))).map((row) =>
      accountRow(at.portal, row),
    ),
  }));
  return answer.state === 'listed' ? answer.list : null;
}

interface At {
  portal: Portal;
  today: string;
  known_at: string;
  health_version: string;
}

async function readAccounts<T>(
  ctx: WebContext,
  portalId: PortalId,
  work: (db: DuckDBConnection, at: At) => Promise<T>,
): Promise<{ state: 'not_ready' | 'none' } | { state: 'listed'; list: T }> {
  const current = await ctx.current.of(portalId);
  if (current === null) return { state: 'not_ready' };
  return ctx.snapshots.read(portalId, current.snapshot.name, async (db) => {
    const [counted] = await day(db, {});
    if (counted === undefined) return { state: 'none' };
    return { state: 'listed', list: await work(db, { portal: current.portal, ...counted }) };
  });
}

async function readPage(
  db: DuckDBConnection,
  input: AccountListInput,
  today: string,
): Promise<{ rows: PageRow[]; page: number }> {
  const rows = await page(db, pageParams(input, today, PAGE_SIZE, (input.page - 1) * PAGE_SIZE));
  // A page behind the end (an old address, a list that shrank) becomes the first one.
  if (rows.length === 0 && input.page > 1) return readPage(db, { ...input, page: 1 }, today);
  return { rows, page: input.page };
}

function pageParams(input: AccountListInput, today: string, pageSize: number, firstRow: number) {
  return {
    filters: filtersOf(input),
    sort: input.sort,
    descending: input.way === 'down',
    today,
    page_size: pageSize,
    first_row: firstRow,
  };
}

function filtersOf({ q, filters }: AccountListInput): string {
  return JSON.stringify({ words: wordsOf(q), ...filters });
}

function byField(found: readonly (Choice & { field: Filter })[]): Record<Filter, Choice[]> {
  const of = (field: Filter): Choice[] => found.filter((one) => one.field === field);
  return {
    status: of('status'),
    band: of('band'),
    health: of('health'),
    owner: of('owner'),
    plan: of('plan'),
    segment: of('segment'),
  };
}

function totalsOf([first]: readonly PageRow[]): AccountTotals {
  return {
    accounts: first?.total ?? 0,
    withValue: first?.with_value ?? 0,
    rateless: first?.rateless ?? 0,
    annual: first?.annual_sum ?? null,
  };
}

function accountRow(
  portal: Portal,
  { total: _total, with_value: _withValue, rateless: _rateless, annual_sum: _sum, ...row }: PageRow,
): AccountRow {
  return { ...row, hubspotUrl: hubspotUrl(portal, 'companies', row.account_id) };
}
