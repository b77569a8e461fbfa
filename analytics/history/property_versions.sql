-- What HubSpot's history told of properties in the file's month. It is only ever added to, so nothing of it is closed.
select * from mirror.property_versions
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by object_type, id, property, valid_from, known_from, value;
