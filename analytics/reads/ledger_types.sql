-- Each type that was ever counted or read: how many records HubSpot says there are, how many are here, when it was last read
-- whole, and which links are still missing.
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
),
due as (
  select object_type, count(distinct id)::integer as links_due
  from association_due
  group by object_type
),
skipped as (
  select
    from_type as object_type,
    list(to_type order by to_type) as links_skipped,
    list({to_type: to_type, reason: reason} order by to_type) filter (reason is not null) as links_refused
  from (select from_type, to_type, max(reason) as reason from association_skipped group by all)
  group by from_type
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
  epoch_ms(links_at)::double as links_at,
  coalesce(links_due, 0) as links_due,
  coalesce(links_skipped, []) as links_skipped,
  coalesce(links_refused, []) as links_refused
from types
left join schemas on schemas.id = types.object_type
left join due using (object_type)
left join skipped using (object_type)
order by types.object_type;
