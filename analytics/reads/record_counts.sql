-- The record counts of a snapshot, largest type first.
select object_type, live, archived, newest_change::timestamp as newest_change
from record_counts
order by live desc, object_type;
