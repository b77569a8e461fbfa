-- Contracts: one row for one term of recurring value with an account, from the first source of the mapping's order that has data for it.
-- Counts   won, recurring rows with a start and a value; trials and free terms too, marked or with value 0.
-- Excludes rows without an account, start or value, and excluded account types; the mart `problems` lists them.
-- NULL     a value that no rule gives: service_end_date while it runs on, home_mrr without a rate.
-- @contract_id source and the record's id
-- @account_id the company, after merges
-- @source the record type it was read from
-- @source_id the record's id
-- @line product or subscription; a successor on the same line replaces
-- @kind new, renewal, expansion or return, as mapped
-- @notice_date the day notice was given
-- @notice_deadline the last day on which notice is in time
-- @start_date the first day of service
-- @end_date the first day after the term
-- @service_end_date the first day that is not served; a replaced contract ends where its successor begins
-- @auto_renew whether it goes on without a word
-- @value value of the whole term, in its currency
-- @term_months length of the term
-- @is_term_assumed the length is not recorded and taken as twelve months
-- @mrr value a month, in its currency, rounded once
-- @currency its currency
-- @fx_rate units of the portal's currency for one of it
-- @fx_source where the rate is from
-- @home_mrr value a month in the portal's currency
-- @is_trial not paid yet: never a customer by it
-- @paused_from the first day of a pause
-- @paused_to the first day after it
-- @churn_kind voluntary or involuntary, of the last term of an account that left
-- @churn_reason as recorded
-- @replaces the contract before it
-- @replaced_by the contract after it
-- @recorded_at when it was recorded in the CRM
-- @rules which rule gave each value
with
accounts as (
  select * from stg_companies(getvariable('known_at'))
  where account_type is null
    or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
priced as (
  select
    rows.*,
    accounts.notice_days as account_notice_days,
    coalesce(rows.paused_from, accounts.paused_from) as pause_start,
    coalesce(rows.paused_to, accounts.paused_to) as pause_end,
    accounts.churn_kind as account_churn_kind,
    accounts.churn_reason as account_churn_reason,
    coalesce(nullif(greatest(1, round(date_diff('day', rows.start_date, rows.end_date) / 30.4375))::integer, null), rows.term_months, if(rows.open_ended, null, 12)) as months,
    (rows.end_date is null and rows.term_months is null and not rows.open_ended) as term_is_assumed
  from _contract_rows rows
  join accounts on accounts.account_id = rows.account_id
  where rows.is_won and rows.is_in_pipeline and rows.start_date is not null
),
valued as (
  select
    *,
    coalesce(mrr, arr / 12, if(has_frequency, amount / frequency_months, amount / months))::decimal(18, 4) as monthly,
    case
      when mrr is not null then 'mrr'
      when arr is not null then 'arr / 12'
      when has_frequency then 'amount / frequency'
      else 'amount / term'
    end as monthly_rule,
    coalesce(end_date, if(open_ended, null, (start_date + to_months(months))::date)) as term_end
  from priced
),
usable as (
  select *
  from valued
  where monthly is not null
  -- the first source with data for the account decides
  qualify list_position(from_json(getvariable('mapping') -> '$.contracts.order', '["VARCHAR"]'), source) is not distinct from
    min(list_position(from_json(getvariable('mapping') -> '$.contracts.order', '["VARCHAR"]'), source)) over (partition by account_id)
),
ended as (
  select
    *,
    source || ':' || source_id as contract_id,
    coalesce(
      service_end_date,
      if(coalesce(auto_renew, false) or (getvariable('book') ->> 'missing_service_end') = 'open', null, term_end)
    ) as own_end
  from usable
),
successions as (
  -- Each successor replaces the contract that ends nearest to its start, on its own line before others.
  select
    later.contract_id as contract_id,
    earlier.contract_id as replaced,
    later.start_date as successor_start
  from ended later
  join ended earlier
    on earlier.account_id = later.account_id
    and earlier.contract_id <> later.contract_id
    and earlier.start_date < later.start_date
    and earlier.own_end is not null
    and abs(date_diff('day', earlier.own_end, later.start_date)) <= (getvariable('book') ->> 'grace_days')::integer
    and (earlier.line = later.line or (later.kind = 'renewal' and (earlier.line is null or later.line is null)))
  qualify row_number() over (
    partition by later.contract_id
    order by (earlier.line is not distinct from later.line) desc,
      abs(date_diff('day', earlier.own_end, later.start_date)), earlier.contract_id
  ) = 1
),
replaced as (
  select replaced as contract_id, min(successor_start) as successor_start, arg_min(contract_id, (successor_start, contract_id)) as replaced_by
  from successions
  group by replaced
),
rated as (
  select
    ended.contract_id,
    case
      when ended.currency = getvariable('home_currency') or ended.currency is null then 1
      when (getvariable('book') ->> 'fixed_fx') = 'contract_start' and ended.rate is not null then ended.rate
      else rates.rate
    end::decimal(18, 8) as fx_rate,
    case
      when ended.currency = getvariable('home_currency') then 'home currency'
      when ended.currency is null then 'no currency: taken as the portal''s'
      when (getvariable('book') ->> 'fixed_fx') = 'contract_start' and ended.rate is not null then 'deal'
      else rates.source
    end as fx_source
  from ended
  left join stg_rates(getvariable('known_at')) rates
    on rates.currency = ended.currency
    and rates.valid_from <= case
      when (getvariable('book') ->> 'fixed_fx') = 'contract_start' then ended.start_date
      else coalesce((getvariable('book') ->> 'fixed_fx_date')::date, getvariable('today'))
    end
  qualify row_number() over (partition by ended.contract_id order by rates.valid_from desc nulls last, rates.source, rates.rate) = 1
)
select
  ended.contract_id,
  ended.account_id,
  ended.source,
  ended.source_id,
  ended.line,
  ended.kind,
  ended.notice_date,
  (ended.term_end - coalesce(ended.notice_days, ended.account_notice_days))::date as notice_deadline,
  ended.start_date,
  ended.term_end as end_date,
  if(replaced.successor_start < ended.own_end, replaced.successor_start, ended.own_end) as service_end_date,
  coalesce(ended.auto_renew, ended.open_ended and ended.end_date is null) as auto_renew,
  coalesce(if(ended.has_frequency, null, ended.amount), ended.monthly * ended.months)::decimal(18, 4) as value,
  ended.months as term_months,
  ended.term_is_assumed as is_term_assumed,
  ended.monthly as mrr,
  coalesce(ended.currency, getvariable('home_currency')) as currency,
  rated.fx_rate,
  rated.fx_source,
  (ended.monthly * rated.fx_rate)::decimal(18, 4) as home_mrr,
  coalesce(ended.is_trial, false) as is_trial,
  if(ended.pause_start < coalesce(ended.own_end, date '9999-12-31') and coalesce(ended.pause_end, date '9999-12-31') > ended.start_date, ended.pause_start, null) as paused_from,
  if(ended.pause_start < coalesce(ended.own_end, date '9999-12-31') and coalesce(ended.pause_end, date '9999-12-31') > ended.start_date, ended.pause_end, null) as paused_to,
  coalesce(ended.churn_kind, if(replaced.replaced_by is null and ended.own_end is not null, ended.account_churn_kind, null)) as churn_kind,
  coalesce(ended.churn_reason, if(replaced.replaced_by is null and ended.own_end is not null, ended.account_churn_reason, null)) as churn_reason,
  successions.replaced as replaces,
  replaced.replaced_by,
  ended.recorded_at,
  json_object(
    'start', ended.source || '.' || coalesce(field(ended.source, 'start'), 'start_date'),
    'end', case when ended.end_date is not null then ended.source || '.' || coalesce(field(ended.source, 'end'), 'end_date')
      when ended.open_ended then 'runs on' when ended.term_is_assumed then 'twelve months assumed' else 'start + term' end,
    'mrr', ended.monthly_rule,
    'service_end', case when replaced.successor_start < ended.own_end then 'successor starts'
      when ended.service_end_date is not null then 'recorded' when ended.own_end is null then 'runs on' else 'end of term' end
  ) as rules
from ended
join rated on rated.contract_id = ended.contract_id
left join successions on successions.contract_id = ended.contract_id
left join replaced on replaced.contract_id = ended.contract_id
order by ended.account_id, ended.start_date, ended.contract_id;
