-- The first moment of which something is known: the earliest version of any record.
select epoch_ms(min(known_from))::double as since
from (
  select min(known_from) as known_from from mirror.objects
  union all
  select min(known_from) from mirror.object_versions
);
