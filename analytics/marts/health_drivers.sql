-- Health drivers: one row for an account and a measure, with the points it adds to the score and those it keeps from it.
-- Counts   the five measures of every account that is a customer; weights of what cannot be measured go to the others, so that they make 100.
-- Excludes accounts that are no customers today.
-- NULL     value, score and day where there is nothing to measure; earned and missing are then 0.
-- @account_id the account
-- @measure nps, usage, contact, tickets or invoices
-- @value what was measured: mean answer, percent of seats in use, days since contact, open tickets (urgent ones twice), days overdue
-- @unit points, percent, days or tickets
-- @worst the value that gives 0
-- @best the value that gives 100
-- @score 0 to 100
-- @weight its share of the account's score, in points of 100
-- @earned points it adds
-- @missing points it keeps from the full score
-- @day the day of the evidence, where it has one
-- @rule how it was measured
-- @property the property it was read from
-- @records up to five of the records it was read from
select
  account_id,
  measure,
  round(value, 2) as value,
  unit,
  worst::double as worst,
  best::double as best,
  round(score, 1) as score,
  round(coalesce(if(score is null, 0, 100.0 * weight / sum(weight) filter (score is not null) over of_account), 0), 2) as weight,
  round(coalesce(score * weight / sum(weight) filter (score is not null) over of_account, 0), 2) as earned,
  round(coalesce((100 - score) * weight / sum(weight) filter (score is not null) over of_account, 0), 2) as missing,
  day,
  if(value is null, null, rule) as rule,
  if(value is null, null, property) as property,
  coalesce(records, []) as records
from _measures
window of_account as (partition by account_id)
order by account_id, missing desc, measure;
