-- Contracts as they count where a customer is lost on the day of the notice: service ends there. What a successor follows was not lost.
create or replace temp macro contracts_at_notice(contracts) as table
  select rows.* replace (
    case
      when rows.notice_date is null or rows.notice_date >= coalesce(rows.service_end_date, movement_never()) then rows.service_end_date
      when movement_rule('notice_before_start', 'literal') = 'ignore' and rows.notice_date <= rows.start_date then rows.service_end_date
      when movement_rule('notice_successor', 'hindsight') = 'hindsight' and exists (
        from query_table(contracts) later
        where later.account_id = rows.account_id
          and later.contract_id <> rows.contract_id
          and not later.is_trial
          and later.mrr > 0
          and later.start_date > rows.notice_date
          and later.start_date <= coalesce(rows.service_end_date, movement_never() - 1000) + (getvariable('book') ->> '$.grace_days')::integer
      ) then rows.service_end_date
      else rows.notice_date
    end as service_end_date
  )
  from query_table(contracts) rows;

-- The value of each account in the portal's currency, from one day on which something changed to the next.
create or replace temp macro account_steps(states) as table
  with
  days as (
    select
      account_id,
      day,
      any_value(state) as state,
      bool_or(paid_before) as paid_before,
      sum(pays.home)::decimal(18, 4) as worth,
      bool_or(pays.home is null) as is_unknown
    from query_table(states)
    group by account_id, day
  ),
  paired as (
    select
      account_id,
      day,
      state,
      paid_before,
      case when is_unknown then null when state = 'paused' then 0 else worth end::decimal(18, 4) as value,
      coalesce(lag(state) over own, 'none') as state_before,
      if(lag(day) over own is null, 0, lag(value) over own)::decimal(18, 4) as value_before
    from days
    window own as (partition by account_id order by day)
  ),
  currencies as (
    select account_id, day, sum(home_switched + revaluation)::decimal(18, 4) as currency
    from movement_steps(states)
    where state not in ('none', 'paused') and state_before not in ('none', 'paused')
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
