-- What speaks for it that an account left, beside its contracts: one row an account with any; kept while the marts are built and not
-- published.
with
events as (
  select account_id, list_sort(list_distinct(list(day))) as days
  from stg_churn_events(getvariable('known_at'))
  where day is not null
  group by account_id
),
flags as (
  select account_id, coalesce(is_flagged_lost, churn_date is not null) as is_flagged, churn_date as day
  from _companies
  where is_flagged_lost or churn_date is not null
)
select
  coalesce(events.account_id, flags.account_id) as account_id,
  events.days as event_days,
  coalesce(flags.is_flagged, false) as is_flagged,
  flags.day as flag_day
from events
full join flags on flags.account_id = events.account_id
