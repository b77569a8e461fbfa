-- Contracts: one row for one term of recurring value with an account, from the first source of the mapping's order that has data for it.
-- Counts   won, recurring rows with a start and a value; trials and free terms too, marked or with value 0.
-- Replaced by a renewal, or by the next on the same line, that starts within the grace window of its end; whoever runs on past its term may be
--          followed at any time. Everything else adds.
-- Excludes rows without an account, start or value, and excluded account types; the mart `problems` lists them.
-- NULL     a value that no rule gives: service_end_date while it runs on, home_mrr without a rate.
-- @contract_id source and the record's id
-- @account_id the company, after merges
-- @source the record type it was read from
-- @source_id the record's id
-- @name the product of a line item, else what the deal or the subscription is called; of an imported row its line
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
-- @churn_kind voluntary or involuntary, as recorded; of the last term the account's own where the row has none
-- @churn_reason as recorded, likewise
-- @replaces the contract before it; of several the one that ends nearest to its start
-- @replaced_by the first contract that goes on where it ends
-- @recorded_at when it was recorded in the CRM
-- @rules which rule gave each value
with
accounts as (
  select * from _companies
  where account_type is null
    or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
sources as (
  select source, list_position(from_json(getvariable('mapping') -> '$.contracts.order', '["VARCHAR"]'), source) as place
  from unnest(['subscriptions', 'line_items', 'deals', 'companies']) named(source)
  union all
  -- what somebody imported is asked after the sources of the order
  select 'import', 99
),
termed as (
  select
    rows.*,
    accounts.notice_days as account_notice_days,
    coalesce(rows.paused_from, accounts.paused_from) as pause_start,
    -- an imported pause ends as all ends of the file do
    coalesce(rows.paused_to + (rows.source = 'import' and (getvariable('book') ->> 'end_day') = 'inclusive')::integer, accounts.paused_to) as pause_end,
    accounts.churn_kind as account_churn_kind,
    accounts.churn_reason as account_churn_reason,
    sources.place,
    is_endless(rows.open_ended, rows.end_date, rows.term_months) as is_endless,
    recorded_months(rows.start_date, rows.end_date, rows.term_months) as recorded_months,
    case
      when recorded_months is not null then recorded_months
      -- who goes on without an end has a term only where a value a month can be made by no other way
      when is_endless and (rows.mrr is not null or rows.arr is not null or rows.has_frequency) then null
      else 12
    end as months
  from _contract_rows rows
  join accounts on accounts.account_id = rows.account_id
  join sources on sources.source = rows.source and sources.place is not null
  where rows.is_won and rows.is_in_pipeline and rows.start_date is not null
),
valued as (
  select
    *,
    source || ':' || source_id as contract_id,
    monthly_value(mrr, arr, amount, has_frequency, frequency_months, start_date, end_date, term_months) as monthly,
    case
      when mrr is not null then 'mrr'
      when arr is not null then 'arr / 12'
      when has_frequency then 'amount / frequency'
      else 'amount / term'
    end as monthly_rule,
    coalesce(end_date, if(is_endless, null, (start_date + to_months(months))::date)) as term_end,
    coalesce(auto_renew, is_endless) as runs_on
  from termed
),
first_sources as (
  -- the first source with data for the account decides
  select account_id, min(place) as place
  from valued
  where monthly is not null
  group by account_id
),
ended as (
  select
    valued.*,
    case (getvariable('book') ->> 'churn_source')
      when 'events' then list_min(list_filter(evidence.event_days, lambda day: day > valued.start_date))
      when 'flag' then if(evidence.is_flagged and evidence.flag_day > valued.start_date, evidence.flag_day, null)
    end as churn_day,
    coalesce(service_end_date, if(runs_on or (getvariable('book') ->> 'missing_service_end') = 'open', null, term_end)) as contract_end,
    least(contract_end, churn_day) as own_end
  from valued
  join first_sources on first_sources.account_id = valued.account_id and first_sources.place = valued.place
  left join _churn_evidence evidence on evidence.account_id = valued.account_id
  where valued.monthly is not null
),
pairs as (
  -- Who may replace whom: a renewal, or the next one of the same line, that starts within the grace of the end. A contract that runs on is
  -- over its term from then on and may be followed at any time. Discounts follow discounts, and no trial follows what is paid.
  select
    later.contract_id,
    earlier.contract_id as replaced,
    later.start_date as successor_start,
    coalesce(later.line = earlier.line, false) as is_own_line,
    case
      when earlier.own_end is not null then abs(earlier.own_end - later.start_date)
      when earlier.term_end is null then 1000000
      when later.start_date <= earlier.term_end then earlier.term_end - later.start_date
      -- to the nearest end of a later term, about
      else least((later.start_date - earlier.term_end) % (30 * earlier.months), -(later.start_date - earlier.term_end) % (30 * earlier.months) + 30 * earlier.months)
    end as distance
  from ended later
  join ended earlier
    on earlier.account_id = later.account_id
    and earlier.start_date < later.start_date
    and (later.kind = 'renewal' or later.line = earlier.line)
  where (earlier.monthly < 0) = (later.monthly < 0)
    and (coalesce(earlier.is_trial, false) or not coalesce(later.is_trial, false))
    and case
      when earlier.own_end is not null then abs(earlier.own_end - later.start_date) <= (getvariable('book') ->> 'grace_days')::integer
      when earlier.term_end is not null then later.start_date >= earlier.term_end - (getvariable('book') ->> 'grace_days')::integer
      else true
    end
),
own_line as (
  select contract_id, replaced, successor_start, distance from pairs where is_own_line
),
other_lines as (
  -- A renewal without a predecessor on its line replaces what ends nearest to its start, of what its own line does not go on with.
  select pairs.contract_id, pairs.replaced, pairs.successor_start, pairs.distance
  from pairs
  anti join own_line followed on followed.contract_id = pairs.contract_id
  left join (select replaced, min(successor_start) as goes_on from own_line group by replaced) kept on kept.replaced = pairs.replaced
  where not pairs.is_own_line
    and (kept.goes_on is null or kept.goes_on > pairs.successor_start + (getvariable('book') ->> 'grace_days')::integer)
  qualify rank() over (partition by pairs.contract_id order by pairs.distance) = 1
),
successions as (
  from own_line
  union all
  from other_lines
),
predecessors as (
  select contract_id, arg_min(replaced, (distance, replaced)) as replaces
  from successions
  group by contract_id
),
replaced as (
  select replaced as contract_id, min(successor_start) as successor_start, arg_min(contract_id, (successor_start, contract_id)) as replaced_by
  from successions
  group by replaced
),
rate_days as (
  select distinct
    currency,
    if((getvariable('book') ->> 'fixed_fx') = 'contract_start', start_date, coalesce((getvariable('book') ->> 'fixed_fx_date')::date, getvariable('today'))) as day
  from ended
  where currency <> getvariable('home_currency')
),
rates as (
  select rate_days.currency, rate_days.day, arg_max(known.rate, known.valid_from) as rate, arg_max(known.source, known.valid_from) as source
  from rate_days
  join stg_rates(getvariable('known_at')) known on known.currency = rate_days.currency and known.valid_from <= rate_days.day
  group by rate_days.currency, rate_days.day
),
followed as (
  select
    ended.*,
    predecessors.replaces,
    replaced.replaced_by,
    least(ended.own_end, replaced.successor_start) as served_to,
    case
      when replaced.successor_start < coalesce(ended.own_end, date '9999-12-31') then 'successor starts'
      when ended.churn_day = ended.own_end and ended.churn_day is distinct from ended.contract_end then 'churn ' || if((getvariable('book') ->> 'churn_source') = 'flag', 'flag', 'event')
      when ended.own_end is null then 'runs on'
      when ended.service_end_date is not null then 'recorded'
      else 'end of term'
    end as served_to_rule,
    case
      when ended.currency = getvariable('home_currency') or ended.currency is null then 1
      when (getvariable('book') ->> 'fixed_fx') = 'contract_start' and ended.rate > 0 then ended.rate
      else rates.rate
    end::decimal(18, 8) as fx_rate,
    case
      when ended.currency = getvariable('home_currency') then 'home currency'
      when ended.currency is null then 'no currency: taken as the portal''s'
      when (getvariable('book') ->> 'fixed_fx') = 'contract_start' and ended.rate > 0 then 'deal'
      else rates.source
    end as fx_source
  from ended
  left join predecessors on predecessors.contract_id = ended.contract_id
  left join replaced on replaced.contract_id = ended.contract_id
  left join rates
    on rates.currency = ended.currency
    and rates.day = if((getvariable('book') ->> 'fixed_fx') = 'contract_start', ended.start_date, coalesce((getvariable('book') ->> 'fixed_fx_date')::date, getvariable('today')))
),
names as (
  -- what each source calls the property of a value; for imported rows that is the field's own name
  select
    source,
    property_of(source, 'start', 'start_date') as "start",
    property_of(source, 'end', 'end_date') as "end",
    property_of(source, 'service_end', 'service_end_date') as service_end,
    property_of(source, 'currency', 'currency') as currency,
    property_of(source, 'auto_renew', 'auto_renew') as auto_renew,
    property_of(source, 'notice_days', 'notice_days') as notice_days,
    property_of(source, 'paused_from', 'paused_from') as paused_from,
    property_of(source, 'churn_kind', 'churn_kind') as churn_kind,
    property_of(source, 'churn_reason', 'churn_reason') as churn_reason
  from sources
)
select
  followed.contract_id,
  followed.account_id,
  followed.source,
  followed.source_id,
  followed.name,
  followed.line,
  followed.kind,
  followed.notice_date,
  (followed.term_end - coalesce(followed.notice_days, followed.account_notice_days))::date as notice_deadline,
  followed.start_date,
  followed.term_end as end_date,
  followed.served_to as service_end_date,
  followed.runs_on as auto_renew,
  try_cast(coalesce(if(followed.has_frequency, null, followed.amount), followed.monthly::decimal(38, 4) * followed.months) as decimal(18, 4)) as value,
  followed.months as term_months,
  followed.recorded_months is null and followed.months is not null as is_term_assumed,
  followed.monthly as mrr,
  coalesce(followed.currency, getvariable('home_currency')) as currency,
  followed.fx_rate,
  followed.fx_source,
  try_cast(followed.monthly * followed.fx_rate as decimal(18, 4)) as home_mrr,
  coalesce(followed.is_trial, false) as is_trial,
  if(is_paused_in_service(followed.pause_start, followed.pause_end, followed.start_date, followed.served_to), followed.pause_start, null) as paused_from,
  if(is_paused_in_service(followed.pause_start, followed.pause_end, followed.start_date, followed.served_to), followed.pause_end, null) as paused_to,
  coalesce(followed.churn_kind, if(followed.replaced_by is null and followed.own_end is not null, followed.account_churn_kind, null)) as churn_kind,
  coalesce(followed.churn_reason, if(followed.replaced_by is null and followed.own_end is not null, followed.account_churn_reason, null)) as churn_reason,
  followed.replaces,
  followed.replaced_by,
  followed.recorded_at,
  json_object(
    'start', names."start",
    'end', case
      when followed.end_date is not null then names."end"
      when followed.is_endless then 'runs on'
      when followed.recorded_months is null then 'twelve months assumed'
      else 'start + term'
    end,
    'mrr', if(followed.monthly_rule = 'amount / term' and followed.recorded_months is null, 'amount / twelve months assumed', followed.monthly_rule),
    'service_end', if(followed.served_to_rule = 'recorded' and names.service_end is not null, names.service_end, followed.served_to_rule),
    'currency', if(followed.currency is null, 'not recorded: the portal''s', names.currency),
    'auto_renew', case when followed.auto_renew is not null then names.auto_renew when followed.is_endless then 'no end recorded' else 'not recorded: no' end,
    'notice', case
      when followed.notice_days is not null then names.notice_days
      when followed.account_notice_days is not null then 'companies.' || setting('$.accounts.notice_days')
      else 'not recorded'
    end,
    'pause', case
      when not coalesce(is_paused_in_service(followed.pause_start, followed.pause_end, followed.start_date, followed.served_to), false) then 'none'
      when followed.paused_from is not null then names.paused_from
      else 'companies.' || setting('$.accounts.paused_from')
    end,
    'churn_kind', case
      when followed.churn_kind is not null then names.churn_kind
      when followed.replaced_by is null and followed.own_end is not null and followed.account_churn_kind is not null then 'companies.' || setting('$.accounts.churn_kind')
      else 'not recorded'
    end,
    'churn_reason', case
      when followed.churn_reason is not null then names.churn_reason
      when followed.replaced_by is null and followed.own_end is not null and followed.account_churn_reason is not null
        then coalesce('companies.' || setting('$.accounts.churn_reason'), 'import.churn_reason')
      else 'not recorded'
    end
  ) as rules
from followed
join names on names.source = followed.source
order by followed.account_id, followed.start_date, followed.contract_id;
