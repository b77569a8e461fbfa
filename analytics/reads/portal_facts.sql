-- What was known of the portal itself at a moment: its time zone, its currency, and the app that we are in it.
select
  document ->> 'timeZone' as time_zone,
  document ->> 'companyCurrency' as currency,
  document ->> 'appId' as app_id
from (
  select known_from, document
  from mirror.definitions
  where kind = 'account' and known_from <= $known_at::timestamptz
  union all
  select known_from, document
  from mirror.definition_versions
  where kind = 'account' and known_from <= $known_at::timestamptz and known_to > $known_at::timestamptz
)
order by known_from desc
limit 1;
