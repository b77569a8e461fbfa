-- Account steps: the days on which what an account is, or pays, changed, for each way of reading contracts that a convention may take. What churn
-- and retention are counted from.
-- Counts   one row an account, day and way; a way that makes no difference for an account has no rows of its own (see is_noticed, is_lapsed, is_freed).
-- Excludes trials, and whatever lies after as_of, as `movements` does.
-- NULL     a value where a contract in force has no rate.
-- @account_id the account, or its parent when the unit is the parent
-- @moment where a loss lands: service_end (the first day without service) or notice (the day it was given)
-- @lapses kept (a gap within the grace is none) or counted (each gap is churn and reactivation)
-- @free what going from paid to free is: churn, or active
-- @is_noticed the account has rows of its own where a loss lands at the notice
-- @is_lapsed the account has rows of its own where lapses are kept
-- @is_freed the account has rows of its own where free counts as active
-- @day at whose close the change is seen, in the portal's time zone
-- @state_before paid, free, paused or none, at the close of the day before
-- @state the same at the close of the day
-- @value_before value a month before, in the portal's currency; 0 while paused
-- @value value a month after
-- @rested_before what rested at the close of the day before: what came back and, where the account did not, was lost
-- @currency_change how much of the change is a rate or another currency
-- @kind new, expansion, contraction, churn, reactivation, pause, resume or currency
-- lasting
-- under {"moment": "service_end", "lapses": "counted", "grace_days": 0, "paid_to_free_house": "churn", "open_lapse": "churn"}
-- under {"moment": "service_end", "lapses": "counted", "grace_days": 0, "paid_to_free_house": "active", "open_lapse": "churn"} if exists (from _step_accounts where has_free)
-- under {"moment": "service_end", "lapses": "kept", "paid_to_free_house": "churn"} if exists (from _step_accounts where has_lapse)
-- under {"moment": "service_end", "lapses": "kept", "paid_to_free_house": "active"} if exists (from _step_accounts where has_lapse and has_free)
-- under {"moment": "notice", "lapses": "counted", "grace_days": 0, "paid_to_free_house": "churn", "open_lapse": "churn"} if exists (from _step_accounts where has_notice)
-- under {"moment": "notice", "lapses": "counted", "grace_days": 0, "paid_to_free_house": "active", "open_lapse": "churn"} if exists (from _step_accounts where has_notice and has_free)
-- under {"moment": "notice", "lapses": "kept", "paid_to_free_house": "churn"} if exists (from _step_accounts where has_notice and has_lapse)
-- under {"moment": "notice", "lapses": "kept", "paid_to_free_house": "active"} if exists (from _step_accounts where has_notice and has_lapse and has_free)
with
way as (
  select getvariable('rules') ->> '$.moment' as moment, getvariable('rules') ->> '$.lapses' as lapses, getvariable('rules') ->> '$.paid_to_free_house' as free
),
counted as (
  from contracts where (getvariable('rules') ->> '$.moment') = 'service_end'
  union all
  from contracts_at_notice('contracts') where (getvariable('rules') ->> '$.moment') = 'notice'
),
differing as (
  select accounts.*
  from _step_accounts accounts, way
  where (has_notice or way.moment = 'service_end') and (has_lapse or way.lapses = 'counted') and (has_free or way.free = 'churn')
),
terms as materialized (from movement_terms('counted', '_units') semi join differing using (account_id)),
lapses as materialized (from movement_lapses('terms')),
events as materialized (from movement_events('terms', 'lapses')),
changes as materialized (from movement_changes('events', 'lapses')),
states as materialized (from movement_states('changes'))
select
  steps.account_id,
  way.moment,
  way.lapses,
  way.free,
  differing.has_notice as is_noticed,
  differing.has_lapse as is_lapsed,
  differing.has_free as is_freed,
  steps.* exclude (account_id)
from account_steps('states') steps
join differing on differing.account_id = steps.account_id, way
order by steps.account_id, steps.day;
