-- Movements: dated changes of what an account pays a month, by kind, at the close of the day.
-- Counts   the net value of all contracts of the account on the day; a lapse within the grace keeps the value of the day before it.
-- Excludes trials, contracts that end on the day they start, and whatever lies after as_of; a renewal at the same price moves nothing.
-- NULL     home_amount where a contract in force has no rate.
-- @account_id the account, or its parent when the unit is the parent
-- @day the day at whose close the change is seen, in the portal's time zone
-- @month the first of its month
-- @kind new, expansion, contraction, churn, reactivation, pause, resume or currency
-- @currency the currency of amount, opening and closing
-- @amount change of monthly value in that currency; 0 where only the rate changed, or where a customer on a free plan left
-- @home_amount the same at the book's rate
-- @opening what the account paid in that currency before the day
-- @closing what it pays after the day: opening and the amounts of the day
-- @contract_ids the contracts of the account that started, ended, paused or resumed on the day or in the lapse before it
-- @is_lapse the account came out of a lapse that the grace had kept
with
steps as materialized (from movement_steps('_movement_states')),
lines as (
  select *, 'pause' as kind, -mrr_before as amount, -home_before as home_amount
  from steps
  where state = 'paused' and state_before <> 'paused'
  union all
  select *, 'resume', mrr_before, home_before
  from steps
  where state <> 'paused' and state_before = 'paused'
  union all
  select
    *,
    case
      when state_before = 'none' then if(paid_before, 'reactivation', 'new')
      when state = 'none' then 'churn'
      when change > 0 then 'expansion'
      else 'contraction'
    end,
    change - switched,
    home_change - home_switched - revaluation
  from steps
  where state <> 'paused'
  union all
  select *, 'currency', switched, home_switched + revaluation
  from steps
  where state <> 'paused'
),
moved as (
  select *
  from lines
  where amount <> 0
    or coalesce(home_amount, 0) <> 0
    or (kind = 'churn' and not had_value and currency = first_currency)
),
causes as (
  select account_id, day, list_sort(list_distinct(list(contract_id))) as contract_ids
  from _movement_events events
  semi join moved on moved.account_id = events.account_id and moved.day = events.day
  group by account_id, day
)
select
  moved.account_id,
  moved.day,
  date_trunc('month', moved.day)::date as month,
  moved.kind,
  moved.currency,
  moved.amount::decimal(18, 4) as amount,
  moved.home_amount::decimal(18, 4) as home_amount,
  if(moved.state_before = 'paused', 0, moved.mrr_before)::decimal(18, 4) as opening,
  if(moved.state = 'paused', 0, moved.mrr)::decimal(18, 4) as closing,
  causes.contract_ids,
  moved.is_lapse
from moved
join causes on causes.account_id = moved.account_id and causes.day = moved.day
order by moved.account_id, moved.day, moved.currency, moved.kind;
