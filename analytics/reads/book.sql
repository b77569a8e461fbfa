-- What the published tables were computed with.
select
  known_at,
  today::varchar as today,
  first_day::varchar as first_day,
  home_currency,
  time_zone,
  first_month::varchar as first_month,
  recording_since::varchar as recording_since,
  grace_days
from book;
