-- Data problems: what in the CRM contradicts itself or keeps a number from being known, one row a finding, for a person to work off.
-- Counts   findings as of this snapshot; a record may have several.
-- Excludes excluded account types.
-- NULL     account_id where the record leads to no account.
-- @problem which rule found it
-- @account_id the account, where there is one
-- @record_type the record to look at
-- @record_id its id
-- @evidence what is there, in words
-- @home_mrr value a month that hangs on it, in the portal's currency
with
rows_with_facts as (
  select
    *,
    source || ':' || source_id as contract_id,
    coalesce(mrr, arr / 12, if(has_frequency, amount / frequency_months, amount / coalesce(term_months, 12))) as monthly,
    -- in the portal's currency; what is recorded in another one has no value here yet
    if(coalesce(currency, getvariable('home_currency')) = getvariable('home_currency'), monthly, null) as home_monthly,
    has_frequency and frequency_months is null and mrr is null and arr is null as is_one_off
  from _contract_rows
  where is_won and is_in_pipeline and source <> 'companies'
),
company_rows as (
  select account_id, start_date, end_date, churn_date, (arr / 12)::decimal(18, 4) as monthly, currency
  from _contract_rows
  where source = 'companies'
),
findings as (
  select 'end_before_start' as problem, account_id, source as record_type, source_id as record_id,
    'starts ' || start_date || ', ends ' || (coalesce(service_end_date, end_date) - 1)::date as evidence, home_monthly as monthly
  from rows_with_facts
  where coalesce(service_end_date, end_date) <= start_date
  union all
  select 'negative_value', account_id, source, source_id, 'value a month ' || mrr::decimal(18, 2) || ' ' || currency, home_mrr
  from contracts
  where mrr < 0
  union all
  select 'missing_rate', account_id, source, source_id, 'no rate for ' || currency || ': ' || mrr::decimal(18, 2) || ' a month is left out of sums', null
  from contracts
  where home_mrr is null
  union all
  select 'unknown_account', null, source, source_id, 'won, but linked to no company', home_monthly
  from rows_with_facts
  where account_id is null and not is_one_off
  union all
  select 'missing_start', account_id, source, source_id, 'won, but no start date', home_monthly
  from rows_with_facts
  where start_date is null and monthly is not null and not is_one_off
  union all
  select 'missing_value', account_id, source, source_id, 'won, but no value a month can be made of it', null
  from rows_with_facts
  where monthly is null and not is_one_off
  union all
  select 'no_rule_covers', account_id, 'companies', account_id, 'called a customer, but no contract was found in any source', null
  from accounts
  where status = 'uncovered'
  union all
  select 'churned_but_served', account_id, 'companies', account_id,
    'churn date ' || recorded_churn_date || ', but a contract runs' || coalesce(' to ' || served_to, ' on'), home_mrr
  from accounts
  where recorded_churn_date <= getvariable('today') and status = 'customer'
  union all
  select 'customer_but_ended', account_id, 'companies', account_id, 'called a customer, but service ended ' || served_to, null
  from accounts
  where flag_says_customer and status = 'former'
  union all
  select 'ended_without_churn_date', account_id, 'companies', account_id, 'service ended ' || served_to || ', no churn date on the company', null
  from accounts
  where status = 'former' and recorded_churn_date is null and contract_source <> 'import'
  union all
  select 'sources_disagree', accounts.account_id, 'companies', accounts.account_id,
    replace(accounts.contract_source, '_', ' ') || ' say ' || accounts.home_mrr::decimal(18, 2) || ' a month, the company record ' || company_rows.monthly::decimal(18, 2), accounts.home_mrr
  from accounts
  join company_rows on company_rows.account_id = accounts.account_id and company_rows.currency = getvariable('home_currency')
  where accounts.status = 'customer' and accounts.contract_source <> 'companies'
    and accounts.currency = getvariable('home_currency')
    and abs(accounts.home_mrr - company_rows.monthly) > 0.05 * greatest(abs(accounts.home_mrr), 1)
  union all
  select problem, account_id, record_type, record_id, evidence, null
  from _contradictions
)
select problem, account_id, record_type, record_id, evidence, monthly::decimal(18, 4) as home_mrr
from findings
order by problem, account_id nulls last, record_id, record_type, evidence;
