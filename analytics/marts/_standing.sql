-- What each account is today, by the states that its movements are made of; kept while the marts are built and not published.
-- Counts   accounts with a contract that counts and has begun.
-- NULL     home_mrr of who is no customer, and where no rate is known.
with
days as (
  -- all currencies of an account are in one state
  select account_id, day, any_value(state) as state, any_value(in_lapse) as in_lapse
  from _movement_states
  group by account_id, day
),
turns as (
  select *, coalesce(lag(state) over (partition by account_id order by day), 'none') as state_before
  from days
),
latest as (
  select
    account_id,
    arg_max(state, day) as state,
    arg_max(in_lapse, day) as in_lapse,
    min(day) filter (state = 'paid') as first_paid_on,
    max(day) filter (state <> 'none' and state_before = 'none') as spell_started_on,
    max(day) filter (state = 'none' and state_before <> 'none') as left_on
  from turns
  group by account_id
),
money as (
  select account_id, sum(home) as home_mrr
  from (
    select account_id, currency, arg_max_null(pays.home, day) as home
    from _movement_states
    group by account_id, currency
  )
  group by account_id
)
select
  latest.account_id,
  latest.state,
  latest.in_lapse,
  latest.first_paid_on,
  latest.spell_started_on,
  latest.left_on,
  case latest.state when 'none' then null when 'paused' then 0 else money.home_mrr end::decimal(18, 4) as home_mrr
from latest
left join money on money.account_id = latest.account_id
