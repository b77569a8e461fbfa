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
    monthly_value(mrr, arr, amount, has_frequency, frequency_months, start_date, end_date, term_months) as monthly,
    -- in the portal's currency; what is recorded in another one has no value here yet
    if(coalesce(currency, getvariable('home_currency')) = getvariable('home_currency'), monthly, null) as home_monthly,
    has_frequency and frequency_months is null and mrr is null and arr is null as is_one_off,
    -- the end in the record's own words: the last day, or the day after
    service_end_date is null
      and if(source = 'import', (getvariable('book') ->> 'end_day') = 'inclusive', ends_on_last_day(source)) as is_last_day,
    coalesce(service_end_date, end_date) - is_last_day::integer as recorded_end
  from _contract_rows
  where is_won and is_in_pipeline and source <> 'companies'
),
company_rows as (
  select
    account_id, start_date, end_date, churn_date, currency,
    monthly_value(mrr, arr, amount, has_frequency, frequency_months, start_date, end_date, term_months) as monthly
  from _contract_rows
  where source = 'companies'
),
deal_lines as (
  select links.deal_id, lines.currency, sum(lines.monthly) as monthly, count(*) as lines
  from rows_with_facts lines
  join stg_deal_of_line(getvariable('known_at')) links on links.line_id = lines.source_id
  where lines.source = 'line_items' and lines.monthly is not null
  group by links.deal_id, lines.currency
),
unreadable as (
  from stg_unreadable_values(getvariable('known_at'), 'companies', read_as(list_concat(contract_fields('companies'), [
    {name: setting('$.accounts.churn_date'), reads: 'date'},
    {name: setting('$.accounts.paused_from'), reads: 'date'},
    {name: setting('$.accounts.paused_to'), reads: 'date'},
    {name: setting('$.accounts.notice_days'), reads: 'whole number'},
    {name: setting('$.accounts.seats'), reads: 'whole number'},
    {name: setting('$.accounts.monthly_active_users'), reads: 'whole number'}
  ])))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'subscriptions', read_as(contract_fields('subscriptions')))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'line_items', read_as(contract_fields('line_items')))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'deals', read_as(contract_fields('deals')))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'feedback_submissions', read_as([
    {name: coalesce(setting('$.responses.score'), 'hs_value'), reads: 'number'},
    {name: coalesce(setting('$.responses.at'), 'hs_submission_timestamp'), reads: 'moment'}
  ]))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'tickets', read_as([{name: setting('$.tickets.satisfaction'), reads: 'number'}]))
  union all
  from stg_unreadable_values(getvariable('known_at'), 'invoices', read_as([
    {name: coalesce(setting('$.invoices.issued'), 'hs_invoice_date'), reads: 'date'},
    {name: coalesce(setting('$.invoices.due'), 'hs_due_date'), reads: 'date'},
    {name: setting('$.invoices.paid'), reads: 'date'},
    {name: coalesce(setting('$.invoices.amount'), 'hs_amount_billed'), reads: 'amount'},
    {name: coalesce(setting('$.invoices.balance'), 'hs_balance_due'), reads: 'amount'}
  ]))
  union all
  from stg_unreadable_values(getvariable('known_at'), setting('$.usage.object_type'), read_as([
    {name: setting('$.usage.day'), reads: 'date'},
    {name: setting('$.usage.count'), reads: 'amount'},
    {name: setting('$.usage.active_users'), reads: 'whole number'}
  ]))
),
-- Of what may be a contract only what was won counts, and of companies those that are accounts.
contract_records as (
  select distinct source as object_type, source_id as id, account_id
  from _contract_rows
  where is_won and is_in_pipeline and source <> 'companies'
  union all
  select 'companies', account_id, account_id
  from accounts
),
unreadable_of_accounts as (
  select unreadable.*, contract_records.account_id
  from unreadable
  join contract_records using (object_type, id)
  union all
  select unreadable.*, owned.account_id
  from unreadable
  left join _record_accounts owned using (object_type, id)
  where object_type not in ('companies', 'subscriptions', 'line_items', 'deals')
    and (owned.account_id is null or owned.account_id in (select account_id from accounts))
),
findings as (
  select 'end_before_start' as problem, account_id, source as record_type, source_id as record_id,
    'starts ' || start_date || ', ends ' || recorded_end as evidence, home_monthly as monthly
  from rows_with_facts
  where recorded_end < start_date
  union all
  select 'no_day', account_id, source, source_id, 'starts and ends on ' || start_date || ', so it serves no day', home_monthly
  from rows_with_facts
  where recorded_end = start_date and not is_last_day
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
  select 'no_rule_covers', account_id, record_of(account_id), account_id,
    case
      when contracts > 0 then 'has contracts, but none of them serves a day'
      when flag_says_customer then 'called a customer, but no contract was found in any source'
      else 'imported, but without a contract'
    end,
    null
  from accounts
  where status = 'uncovered'
    -- where a book holds no contracts at all, or what it sells is bought, nothing is missing
    and (contracts > 0 or flag_says_customer
      or (exists (from contracts) and account_id not in (select account_id from purchases where account_id is not null)))
  union all
  select 'churned_but_served', account_id, record_of(account_id), account_id,
    'churn date ' || recorded_churn_date || ', but a contract runs' || coalesce(' to ' || served_to, ' on'), home_mrr
  from accounts
  where recorded_churn_date <= getvariable('today') and status = 'customer'
  union all
  select 'customer_but_ended', account_id, record_of(account_id), account_id, 'called a customer, but service ended ' || served_to, null
  from accounts
  where flag_says_customer and status = 'former'
  union all
  select 'ended_without_churn_date', account_id, record_of(account_id), account_id, 'service ended ' || served_to || ', no churn date on the company', null
  from accounts
  where status = 'former' and recorded_churn_date is null and contract_source <> 'import'
  union all
  select 'flag_without_date', account_id, record_of(account_id), account_id,
    concat_ws(', ', 'churn kind ' || churn_kind, 'churn reason ' || churn_reason) || ', but no churn date', null
  from _companies
  where source = 'hubspot' and churn_date is null and coalesce(churn_kind, churn_reason) is not null
    and account_id in (select account_id from accounts)
  union all
  select 'sources_disagree', accounts.account_id, 'companies', accounts.account_id,
    replace(accounts.contract_source, '_', ' ') || ' say ' || accounts.home_mrr::decimal(18, 2) || ' a month, the company record ' || company_rows.monthly::decimal(18, 2), accounts.home_mrr
  from accounts
  join company_rows on company_rows.account_id = accounts.account_id and company_rows.currency = getvariable('home_currency')
  where accounts.status = 'customer' and accounts.contract_source <> 'companies'
    and accounts.currency = getvariable('home_currency')
    and abs(accounts.home_mrr - company_rows.monthly) > 0.05 * greatest(abs(accounts.home_mrr), 1)
  union all
  select 'sources_disagree', accounts.account_id, 'companies', accounts.account_id,
    replace(accounts.contract_source, '_', ' ') || ' are in ' || accounts.currency || ', the company record in ' || company_rows.currency, accounts.home_mrr
  from accounts
  join company_rows on company_rows.account_id = accounts.account_id and company_rows.currency <> accounts.currency
  where accounts.status = 'customer' and accounts.contract_source <> 'companies'
  union all
  select 'sources_disagree', accounts.account_id, 'companies', accounts.account_id,
    replace(accounts.contract_source, '_', ' ') || ' end on ' || accounts.renewal_date || ', the company record says ' || company_rows.end_date, accounts.home_mrr
  from accounts
  join company_rows on company_rows.account_id = accounts.account_id
  where accounts.status = 'customer' and accounts.contract_source <> 'companies'
    and abs(accounts.renewal_date - company_rows.end_date) > (getvariable('book') ->> 'grace_days')::integer
  union all
  select 'sources_disagree', accounts.account_id, 'companies', accounts.account_id,
    replace(accounts.contract_source, '_', ' ') || ' begin on ' || accounts.first_paid_on || ', the company record says ' || company_rows.start_date, accounts.home_mrr
  from accounts
  join company_rows on company_rows.account_id = accounts.account_id
  where accounts.status = 'customer' and accounts.contract_source <> 'companies'
    and abs(accounts.first_paid_on - company_rows.start_date) > (getvariable('book') ->> 'grace_days')::integer
  union all
  select 'sources_disagree', deals.account_id, 'deals', deals.source_id,
    'the deal says ' || deals.monthly::decimal(18, 2) || ' a month, its line items ' || deal_lines.monthly::decimal(18, 2), deals.home_monthly
  from rows_with_facts deals
  join deal_lines on deal_lines.deal_id = deals.source_id and deal_lines.currency is not distinct from deals.currency
  where deals.source = 'deals' and abs(deals.monthly - deal_lines.monthly) > 0.05 * greatest(abs(deal_lines.monthly), 1)
  union all
  select 'unreadable_value', account_id, object_type, id,
    property || ' is "' || if(len(value) > 60, value[:60] || '…', value) || '", which is no ' || reads || ': it counts as missing', null
  from unreadable_of_accounts
  union all
  select problem, account_id, record_type, record_id, evidence, null
  from _contradictions
)
select problem, account_id, record_type, record_id, evidence, monthly::decimal(18, 4) as home_mrr
from findings
order by problem, account_id nulls last, record_id, record_type, evidence;
