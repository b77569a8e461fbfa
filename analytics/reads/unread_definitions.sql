-- Of how many types that may be read nobody knows the properties, because the newest sync that ended could not read them.
with
newest as (
  select result
  from sync_runs
  where result is not null
  order by finished_at desc
  limit 1
),
types as (
  select unnest(from_json(result -> '$.types', '[{"objectType": "VARCHAR", "state": "VARCHAR"}]'), recursive := true)
  from newest
)
select count(*)::integer as unread
from types
where state = 'unfinished'
  and objectType not in (select object_type from definitions where kind = 'property');
