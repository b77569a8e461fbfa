-- Renewals: one row for each day on which the term of a paid contract fell due, or falls due next.
-- Counts   contracts with an end at least `renewal_min_months` after their start; one that renews itself falls due again each term.
-- Excludes trials, free contracts and discounts; terms that service ended before, unless their successor began early, within the grace.
-- NULL     successor where the row itself goes on, or nothing does; next_home_mrr likewise, and without a rate.
-- @contract_id the contract
-- @account_id its account
-- @number which end of a term of this contract it is, from 1
-- @due_on the first day after the term
-- @outcome renewed (the row goes on, or a successor starts within the grace of the day), lost, open (over, and the grace is not), or ahead
-- @successor the contract that goes on
-- @home_mrr value a month that was due, in the portal's currency
-- @next_home_mrr value a month that goes on
with
sold as (
  select
    contracts.*,
    successor.start_date as successor_start,
    successor.home_mrr as successor_home_mrr,
    coalesce(contracts.service_end_date, date '9999-12-31') as served_to
  from contracts
  left join contracts successor on successor.contract_id = contracts.replaced_by
  where not contracts.is_trial and contracts.mrr > 0
    and contracts.end_date >= contracts.start_date + to_months((getvariable('book') ->> 'renewal_min_months')::integer)
),
numbered as (
  select
    *,
    unnest(range(if(auto_renew and term_months > 0, greatest(0, date_diff('month', end_date, least(served_to, getvariable('today'))) // term_months + 1), 0)::bigint + 1)) as turn
  from sold
),
due as (
  select
    *,
    (end_date + to_months((coalesce(term_months, 0) * turn)::integer))::date as due_on,
    abs(successor_start - due_on) <= (getvariable('book') ->> 'grace_days')::integer as is_followed
  from numbered
),
judged as (
  select *, row_number() over (partition by contract_id, due_on > getvariable('today') order by due_on) as place
  from due
  where served_to >= due_on or is_followed
)
select
  contract_id,
  account_id,
  (turn + 1)::integer as number,
  due_on,
  case
    when is_followed then 'renewed'
    when due_on > getvariable('today') then 'ahead'
    when served_to > due_on then 'renewed'
    when due_on + (getvariable('book') ->> 'grace_days')::integer >= getvariable('today') then 'open'
    else 'lost'
  end as outcome,
  if(is_followed, replaced_by, null) as successor,
  home_mrr,
  case
    when is_followed then successor_home_mrr
    when due_on <= getvariable('today') and served_to > due_on then home_mrr
  end as next_home_mrr
from judged
where due_on <= getvariable('today') or place = 1
order by account_id, due_on, contract_id;
