-- Records in which the mirror and HubSpot still differ after a sweep, one by one, by their ids as numbers; `total` is how many there are.
select object_type, id, kind, count(*) over ()::integer as total
from sync_differences
order by object_type, try_cast(id as hugeint), id
limit $most;
