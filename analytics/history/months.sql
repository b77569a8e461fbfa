-- How many versions each month (UTC) has gained: those learned in it and those closed in it. A month's number never falls, so another number
-- means that there is more to publish.
select strftime(month, '%Y-%m') as month, sum(versions)::double as versions
from (
  select date_trunc('month', known_from at time zone 'UTC') as month, count(*) as versions from mirror.objects group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.object_versions group by 1
  union all
  select date_trunc('month', known_to at time zone 'UTC'), count(*) from mirror.object_versions group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.associations group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.association_versions group by 1
  union all
  select date_trunc('month', known_to at time zone 'UTC'), count(*) from mirror.association_versions group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.definitions group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.definition_versions group by 1
  union all
  select date_trunc('month', known_to at time zone 'UTC'), count(*) from mirror.definition_versions group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.health_scores group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.property_versions group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.tombstones group by 1
  union all
  select date_trunc('month', known_from at time zone 'UTC'), count(*) from mirror.tombstone_versions group by 1
  union all
  select date_trunc('month', known_to at time zone 'UTC'), count(*) from mirror.tombstone_versions group by 1
)
group by 1
order by 1;
