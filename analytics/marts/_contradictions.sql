-- What flags, dates and events say against the contracts, and imported rows against each other; kept while the marts are built and not
-- published. Churn events and flags are evidence: contracts decide.
with
companies as (
  select *, if(source = 'import', 'import', 'companies') as record_type
  from stg_companies(getvariable('known_at'))
  where account_type is null
    or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
served as (
  select
    account_id,
    bool_or(not is_trial and start_date <= getvariable('today') and coalesce(service_end_date, date '9999-12-31') > getvariable('today')) as runs,
    list(service_end_date) filter (service_end_date is not null) as ends
  from contracts
  group by account_id
),
said as (
  select
    companies.account_id,
    companies.record_type,
    companies.churn_date,
    -- a file has a flag of its own; in HubSpot a kind or a reason of churn says the same
    if(companies.source = 'import', lower(companies.flag) = 'true', companies.churn_kind is not null or companies.churn_reason is not null) as is_flagged,
    served.account_id is not null as has_contract,
    coalesce(served.runs, false) as runs,
    list_contains(
      list_transform(served.ends, lambda day: abs(day - companies.churn_date) <= (getvariable('book') ->> 'grace_days')::integer),
      true
    ) as is_confirmed
  from companies
  left join served on served.account_id = companies.account_id
),
events as (
  select
    events.id,
    accounts.account_id,
    events.day,
    served.account_id is not null as has_contract,
    coalesce(served.runs, false) as runs,
    coalesce(
      list_contains(
        list_transform(served.ends, lambda day: abs(day - events.day) <= (getvariable('book') ->> 'grace_days')::integer),
        true
      ),
      false
    ) as is_confirmed
  from stg_imported_events(getvariable('known_at')) events
  left join _imported_accounts accounts on accounts.raw_id = events.raw_account_id
  left join served on served.account_id = accounts.account_id
  where events.type = 'churn' and events.day is not null
),
rows as (
  select
    checks.problem,
    accounts.account_id,
    checks.record_id,
    -- a contract may have many rows of usage outside its term: one finding, with their number
    checks."check",
    min(checks.evidence) as evidence,
    count(*) as found
  from import_checks(getvariable('known_at'), (getvariable('book') ->> 'grace_days')::integer) checks
  left join _imported_accounts accounts on accounts.raw_id = checks.raw_account_id
  where checks.is_found and checks.problem is not null
  group by checks.problem, accounts.account_id, checks.record_id, checks."check"
)
select 'churn_flag_without_date' as problem, account_id, record_type, account_id as record_id,
  if(record_type = 'import', 'flagged as churned', 'has a kind or a reason of churn') || ', but no churn date' as evidence
from said
where is_flagged and churn_date is null
union all
select 'churn_flag_but_served', account_id, record_type, account_id,
  if(record_type = 'import', 'flagged as churned', 'has a kind or a reason of churn') || ', but a contract runs'
from said
where is_flagged and churn_date is null and runs
union all
select 'churn_date_unconfirmed', account_id, record_type, account_id,
  'churn date ' || churn_date || ', but no contract ends within ' || (getvariable('book') ->> 'grace_days') || ' days of it'
from said
where churn_date <= getvariable('today') and has_contract and not runs and not coalesce(is_confirmed, false)
union all
select 'churn_event_unconfirmed', account_id, 'import', id,
  'churn event on ' || day || case
    when not has_contract then ', but the account has no contract'
    when runs then ', but no contract ends near it and one runs today'
    else ', but no contract ends within ' || (getvariable('book') ->> 'grace_days') || ' days of it'
  end
from events
where not is_confirmed
union all
select rows.problem, rows.account_id, 'import', rows.record_id,
  rows.evidence || if(rows.found > 1, ', the first of ' || rows.found || ' rows', '')
from rows
