-- The newest reading of its kind of each type that came to its end, and the newest that was cut off where that was later.
-- Times are milliseconds since 1970.
with
placed as (
  select
    *,
    max(started_at) filter (finished_at is not null) over kind as last_whole,
    row_number() over (partition by object_type, pass, to_type, finished_at is null order by started_at desc) as place
  from sync_windows
  window kind as (partition by object_type, pass, to_type)
)
select
  object_type,
  pass,
  to_type,
  epoch_ms(window_from)::double as window_from,
  epoch_ms(window_to)::double as window_to,
  epoch_ms(started_at)::double as started_at,
  epoch_ms(finished_at)::double as finished_at,
  total,
  landed,
  versions,
  requests,
  retries,
  seconds
from placed
where place = 1 and (last_whole is null or started_at >= last_whole)
order by object_type, pass, to_type nulls first, started_at desc;
