-- Links: those that ended in the file's month, and those learned in it that held when the file was written.
-- @known_to when we learned that it was gone; NULL while it held
select * from mirror.association_versions
where known_to >= $begins::timestamptz and known_to < $ends::timestamptz
union all by name
select *, null::timestamptz as known_to from mirror.associations
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by from_type, from_id, to_type, to_id, category, type_id, label, known_from;
