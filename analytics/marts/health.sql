-- Health: one row for each account that is a customer, with its score from 0 to 100 and how much of it could be measured.
-- Counts   five measures (answers, use, contact, tickets, invoices) between fixed values for 0 and 100 points; the weight of a measure
--          with nothing to measure goes to the others.
-- Excludes accounts that are no customers today.
-- NULL     score and band below half of the weights; a change without a score kept that long ago.
-- @account_id the account
-- @day the portal's day it was scored on
-- @score 0 (worst) to 100; expert weights, not yet tested against who left
-- @band good from 70, watch from 45, risk below
-- @coverage the share of the weights that had something to measure, in percent
-- @change_30 against the score kept about 30 days before (the last one 30 to 44 days old)
-- @change_90 against the score kept about 90 days before (the last one 90 to 104 days old)
-- @version which rules gave it
with
scored as (
  select
    account_id,
    sum(weight) filter (score is not null) as covered,
    sum(weight) as all_weights,
    sum(weight * score) / sum(weight) filter (score is not null) as exact
  from _measures
  group by account_id
),
rounded as (
  select
    account_id,
    round(100.0 * coalesce(covered, 0) / all_weights)::integer as coverage,
    if(coverage < health_least_coverage(), null, round(exact)::integer) as score
  from scored
),
kept as (
  select
    account_id,
    arg_max(score, day) filter (day between getvariable('today') - 44 and getvariable('today') - 30) as score_30,
    arg_max(score, day) filter (day between getvariable('today') - 104 and getvariable('today') - 90) as score_90
  from mirror.health_scores
  where known_from <= getvariable('known_at') and version = health_version()
  group by account_id
)
select
  rounded.account_id,
  getvariable('today') as day,
  rounded.score,
  health_band(rounded.score) as band,
  rounded.coverage,
  rounded.score - kept.score_30 as change_30,
  rounded.score - kept.score_90 as change_90,
  health_version() as version
from rounded
left join kept on kept.account_id = rounded.account_id
order by rounded.account_id;
