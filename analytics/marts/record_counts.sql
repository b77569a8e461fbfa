-- Record counts: how many records of each type the CRM holds, as of this snapshot.
-- Counts   open versions, live and archived apart.
-- Excludes records that HubSpot no longer lists.
-- NULL     newest_change when a type has no record.
-- @object_type HubSpot's name of the type
-- @label what HubSpot calls a custom object; NULL for the types of every portal
-- @live records that are not archived
-- @archived records in HubSpot's recycle bin
-- @newest_change the latest moment at which one of them was modified, as HubSpot says
with
custom_objects as (
  select id as object_type, document -> 'labels' ->> 'plural' as label
  from definitions_known(getvariable('known_at'))
  where kind = 'schema'
)
select
  object_type,
  any_value(label) as label,
  count(*) filter (not archived)::integer as live,
  count(*) filter (archived)::integer as archived,
  max(updated_at) as newest_change
from objects_known(getvariable('known_at'))
left join custom_objects using (object_type)
group by object_type
order by object_type;
