-- Contracts as they count where a customer is lost on the day of the notice: service ends there. What a successor follows was not lost.
create or replace temp macro contracts_at_notice(contracts) as table
  with
  noticed as (
    select
      account_id,
      contract_id,
      notice_date,
      coalesce(service_end_date, movement_never() - 1000) + coalesce((getvariable('book') ->> '$.grace_days')::integer, 30) as latest
    from query_table(contracts)
    where notice_date < coalesce(service_end_date, movement_never())
      and (notice_date > start_date or movement_rule('notice_before_start', 'literal') <> 'ignore')
  ),
  followed as (
    -- What ends on the day it starts follows nothing.
    select noticed.account_id, noticed.contract_id
    from noticed
    join query_table(contracts) later
      on later.account_id = noticed.account_id
      and later.contract_id <> noticed.contract_id
      and later.start_date > noticed.notice_date
      and later.start_date <= noticed.latest
    where not later.is_trial
      and later.mrr > 0
      and later.start_date < coalesce(later.service_end_date, movement_never())
      and movement_rule('notice_successor', 'hindsight') = 'hindsight'
  ),
  lost as (
    from noticed anti join followed using (account_id, contract_id)
  )
  select rows.* replace (coalesce(lost.notice_date, rows.service_end_date) as service_end_date)
  from query_table(contracts) rows
  left join lost on lost.account_id = rows.account_id and lost.contract_id = rows.contract_id;

-- The value of each account in the portal's currency, from one day on which something changed to the next.
create or replace temp macro account_steps(states) as table
  with
  days as (
    select
      account_id,
      day,
      any_value(state) as state,
      bool_or(paid_before) as paid_before,
      if(bool_or(pays.home is null), null, sum(pays.home))::decimal(18, 4) as known
    from query_table(states)
    group by account_id, day
  ),
  paired as (
    select
      account_id,
      day,
      state,
      paid_before,
      -- While an account is paused `known` goes on being what rests.
      known,
      case when known is null then null when state = 'paused' then 0 else known end::decimal(18, 4) as value,
      coalesce(lag(state) over own, 'none') as state_before,
      if(lag(day) over own is null, 0, lag(value) over own)::decimal(18, 4) as value_before,
      if(state_before = 'paused', lag(known) over own, 0)::decimal(18, 4) as rested_before
    from days
    window own as (partition by account_id order by day)
  ),
  currencies as (
    select account_id, day, sum(home_switched + revaluation)::decimal(18, 4) as currency
    from movement_steps(states)
    where state not in ('none', 'paused') and state_before <> 'none'
    group by account_id, day
    having sum(home_switched + revaluation) <> 0
  )
  select
    paired.account_id,
    paired.day,
    state_before,
    state,
    value_before,
    value,
    rested_before,
    coalesce(currency, 0)::decimal(18, 4) as currency_change,
    case
      when state_before = 'none' then if(paid_before, 'reactivation', 'new')
      when state = 'none' then 'churn'
      when state = 'paused' then 'pause'
      when state_before = 'paused' then 'resume'
      when value - value_before - coalesce(currency, 0) > 0 then 'expansion'
      when value - value_before - coalesce(currency, 0) < 0 then 'contraction'
      else 'currency'
    end as kind
  from paired
  left join currencies on currencies.account_id = paired.account_id and currencies.day = paired.day
  where state <> state_before or value is distinct from value_before;
