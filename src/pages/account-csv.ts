import { getContracts, type AccountContract } from '../core/accounts/account-contracts.ts';
import { getAllAccounts, type AccountRow } from '../core/accounts/account-list.ts';
import { csvText, type Cell } from '../http/csv.ts';
import type { Reply } from '../http/exchange.ts';
import type { PageExchange } from './layout.ts';

/** Exactly the accounts that the list shows under the same query, on all its pages. The names are told in docs/account-list.md. */
export async function downloadAccounts({ web, me, query }: PageExchange): Promise<Reply> {
  const found = await getAllAccounts(web, me.actor.portal, Object.fromEntries(query));
  const { today, healthVersion, currency, rows } = found ?? {
    today: null,
    healthVersion: null,
    currency: null,
    rows: [],
  };
  return {
    kind: 'csv',
    name: today === null ? 'accounts.csv' : `accounts-${today}.csv`,
    text: csvText(accountColumns(today, healthVersion, currency), rows),
  };
}

function accountColumns(
  today: string | null,
  healthVersion: string | null,
  currency: string | null,
): Record<string, (row: AccountRow) => Cell> {
  return {
    account_id: (row) => row.account_id,
    name: (row) => row.name,
    domain: (row) => row.domain,
    owner_id: (row) => row.owner_id,
    owner: (row) => row.owner,
    status: (row) => row.status,
    plan: (row) => row.plan,
    segment: (row) => row.segment,
    contract_value: (row) => row.annual,
    currency: (row) => (row.annual === null ? null : currency),
    contract_value_own: (row) => row.own_annual,
    own_currency: (row) => row.own_currency,
    has_contract_without_rate: (row) => row.is_rateless,
    customer_since: (row) => day(row.since),
    tenure_days: (row) => row.tenure_days,
    renewal_date: (row) => day(row.renewal_date),
    notice_deadline: (row) => day(row.notice_deadline),
    days_left: (row) => row.days_left,
    renewal_band: (row) => row.band,
    health: (row) => row.health,
    health_band: (row) => row.health_band,
    health_coverage_percent: (row) => row.coverage,
    health_change_30_days: (row) => row.change_30,
    health_version: (row) => (row.health === null ? null : healthVersion),
    last_two_way_contact_on: (row) => day(row.last_contact_on),
    open_tickets: (row) => row.open_tickets,
    latest_nps: (row) => row.latest_nps,
    latest_nps_on: (row) => day(row.latest_nps_on),
    churned_on: (row) => day(row.churned_on),
    churn_reason: (row) => row.churn_reason,
    hubspot_url: (row) => row.hubspotUrl,
    as_of: () => today,
  };
}

/** Every contract of one account, also those for which the account's page has no room. */
export async function downloadContracts({ web, me, params }: PageExchange): Promise<Reply> {
  const { accountId, today, currency, rows } = await getContracts(web, me.actor.portal, params['id']);
  return {
    kind: 'csv',
    // what may be an id may also be a part of a file name, but for the colon of imported ones
    name: `contracts-${accountId.replaceAll(/[^\w.-]/g, '-')}-${today}.csv`,
    text: csvText(contractColumns(accountId, today, currency), rows),
  };
}

function contractColumns(
  accountId: string,
  today: string,
  homeCurrency: string | null,
): Record<string, (row: AccountContract) => Cell> {
  return {
    account_id: () => accountId,
    contract_id: (row) => row.contract_id,
    record_type: (row) => row.record_type,
    record_id: (row) => row.record_id,
    name: (row) => row.name,
    kind: (row) => row.kind,
    line: (row) => row.line,
    is_trial: (row) => row.is_trial,
    start_date: (row) => day(row.start_date),
    end_date: (row) => day(row.end_date),
    service_end_date: (row) => day(row.service_end_date),
    notice_deadline: (row) => day(row.notice_deadline),
    auto_renew: (row) => row.auto_renew,
    term_months: (row) => row.term_months,
    is_term_assumed: (row) => row.is_term_assumed,
    contract_value: (row) => row.annual,
    currency: (row) => row.currency,
    contract_value_home: (row) => row.annual_home,
    home_currency: (row) => (row.annual_home === null ? null : homeCurrency),
    exchange_rate: (row) => row.fx_rate,
    exchange_rate_source: (row) => row.fx_source,
    start_rule: (row) => row.start_rule,
    end_rule: (row) => row.end_rule,
    value_rule: (row) => row.value_rule,
    service_end_rule: (row) => row.service_end_rule,
    as_of: () => today,
  };
}

// Days are kept as their midnight in UTC.
function day(at: Date | null): string | null {
  return at === null ? null : at.toISOString().slice(0, 10);
}
