-- Each type that was ever counted or read: how many records HubSpot says there are, how many are here, and when it was last read whole.
-- Times are milliseconds since 1970.
with
types as (
  select *
  from sync_counts
  full join sweeps using (object_type)
),
schemas as (
  select id, document -> 'labels' ->> 'plural' as label
  from definitions
  where kind = 'schema'
)
select
  types.object_type,
  schemas.label,
  epoch_ms(checked_at)::double as checked_at,
  hubspot_total,
  live,
  archived,
  merged,
  purged,
  state,
  differing,
  epoch_ms(finished_at)::double as swept_at,
  epoch_ms(links_at)::double as links_at
from types
left join schemas on schemas.id = types.object_type
order by types.object_type;
