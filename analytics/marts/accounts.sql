-- Accounts: companies that are, were or are about to be customers by their contracts, and companies that the CRM calls customers without one.
-- Counts   one row a company, merged ones folded into their survivor.
-- Excludes excluded account types; companies without contract that nobody calls a customer.
-- NULL     a value that no contract and no property gives.
-- @account_id HubSpot's id of the company, or file and id of an imported one
-- @name the company's name
-- @domain its web domain
-- @owner_id the owner's id
-- @owner the owner's name
-- @plan as mapped
-- @segment as mapped
-- @status customer, lapsed (a gap that the grace still covers), former, future (first contract not begun) or uncovered (called a customer, no contract)
-- @first_paid_on the first paid day ever
-- @spell_started_on the first paid day of the current or last spell: gaps over the grace end a spell
-- @tenure_days days since the current spell began
-- @served_to the first day without service, of the last spell
-- @contract_source which source the contracts are from
-- @contracts how many contracts
-- @home_mrr value a month in force today, in the portal's currency
-- @currency the currency of the contracts in force; null when there are several
-- @renewal_date the earliest end of a term from today on without a signed successor
-- @notice_deadline the earliest last day for notice from today on
-- @next_home_mrr value a month of what is signed to begin later
-- @churn_kind of the last term, where the account left
-- @churn_reason of the last term, where the account left
-- @flag_says_customer whether the mapped property calls it a customer
-- @recorded_churn_date the churn date on the company record; evidence, not the rule
-- @created_at when the company was recorded
with
companies as (
  select * from stg_companies(getvariable('known_at'))
  where account_type is null
    or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
owners as (
  select id, nullif(trim(coalesce(document ->> 'firstName', '') || ' ' || coalesce(document ->> 'lastName', '')), '') as name
  from definitions_known(getvariable('known_at'))
  where kind = 'owner'
),
paid as (
  select *, coalesce(service_end_date, date '9999-12-31') as served_to
  from contracts
  where not is_trial and mrr > 0 and start_date < coalesce(service_end_date, date '9999-12-31')
),
spells as (
  select
    account_id,
    start_date,
    served_to,
    sum(is_new) over (partition by account_id order by start_date, contract_id rows unbounded preceding) as spell
  from (
    select
      account_id, contract_id, start_date, served_to,
      coalesce(
        date_diff('day', max(served_to) over (
          partition by account_id order by start_date, contract_id rows between unbounded preceding and 1 preceding
        ), start_date) > (getvariable('book') ->> 'grace_days')::integer,
        true
      )::integer as is_new
    from paid
  )
),
spell_dates as (
  select account_id, spell, min(start_date) as started_on, max(served_to) as served_to
  from spells
  where start_date <= getvariable('today')
  group by account_id, spell
),
last_spell as (
  select account_id, max_by(started_on, spell) as started_on, max_by(served_to, spell) as served_to
  from spell_dates
  group by account_id
),
book as (
  select
    account_id,
    count(*)::integer as contracts,
    any_value(source) as contract_source,
    min(start_date) filter (not is_trial and mrr > 0) as first_start,
    sum(home_mrr) filter (in_force) as home_mrr,
    sum(mrr) filter (in_force) as any_mrr,
    if(count(distinct currency) filter (in_force) = 1, any_value(currency) filter (in_force), null) as currency,
    min(end_date) filter (in_force and end_date >= getvariable('today') and replaced_by is null) as renewal_date,
    min(notice_deadline) filter (in_force and notice_deadline >= getvariable('today') and replaced_by is null) as notice_deadline,
    sum(home_mrr) filter (start_date > getvariable('today') and not is_trial) as next_home_mrr,
    max_by(churn_kind, (start_date, contract_id)) filter (replaced_by is null) as churn_kind,
    max_by(churn_reason, (start_date, contract_id)) filter (replaced_by is null) as churn_reason
  from (
    select
      *,
      not is_trial
        and start_date <= getvariable('today')
        and coalesce(service_end_date, date '9999-12-31') > getvariable('today')
        and not coalesce(paused_from <= getvariable('today') and coalesce(paused_to, date '9999-12-31') > getvariable('today'), false)
        as in_force
    from contracts
  )
  group by account_id
),
judged as (
  select
    companies.*,
    book.* exclude (account_id, churn_kind, churn_reason),
    last_spell.started_on,
    last_spell.served_to,
    companies.flag is not null
      and list_contains(from_json(getvariable('mapping') -> '$.accounts.flag_values', '["VARCHAR"]'), companies.flag) as flag_says_customer,
    book.churn_kind as last_churn_kind,
    book.churn_reason as last_churn_reason,
    case
      when book.first_start is null then 'uncovered'
      when book.first_start > getvariable('today') then 'future'
      when last_spell.served_to > getvariable('today') then 'customer'
      when date_diff('day', last_spell.served_to, getvariable('today')) <= (getvariable('book') ->> 'grace_days')::integer
        and (getvariable('book') ->> 'open_lapse') = 'keep' then 'lapsed'
      else 'former'
    end as status
  from companies
  left join book on book.account_id = companies.account_id
  left join last_spell on last_spell.account_id = companies.account_id
)
select
  judged.account_id,
  judged.name,
  judged.domain,
  judged.owner_id,
  owners.name as owner,
  judged.plan,
  judged.segment,
  judged.status,
  judged.first_start as first_paid_on,
  judged.started_on as spell_started_on,
  if(judged.status in ('customer', 'lapsed'), date_diff('day', judged.started_on, getvariable('today')), null)::integer as tenure_days,
  if(judged.served_to < date '9999-12-31', judged.served_to, null) as served_to,
  judged.contract_source,
  coalesce(judged.contracts, 0) as contracts,
  judged.home_mrr::decimal(18, 4) as home_mrr,
  judged.currency,
  judged.renewal_date,
  judged.notice_deadline,
  judged.next_home_mrr::decimal(18, 4) as next_home_mrr,
  if(judged.status = 'former', coalesce(judged.last_churn_kind, judged.churn_kind), null) as churn_kind,
  if(judged.status = 'former', coalesce(judged.last_churn_reason, judged.churn_reason), null) as churn_reason,
  judged.flag_says_customer,
  judged.churn_date as recorded_churn_date,
  judged.created_at
from judged
left join owners on owners.id = judged.owner_id
where judged.contracts is not null or judged.flag_says_customer
order by lower(judged.name) nulls last, judged.account_id;
