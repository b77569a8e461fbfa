-- The record counts of a snapshot, largest type first.
select object_type, label, live, archived, newest_change
from record_counts
order by live desc, object_type;
