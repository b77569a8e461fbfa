-- How many records have a value of each property that the mapping reads.
select object_type, property, records, filled
from mapping_values
order by object_type, property;
