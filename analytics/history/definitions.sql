-- Definitions: versions closed in the file's month, and those learned in it that were open when the file was written.
-- @known_to when the next version, or its absence, was learned; NULL while it was open
select * from mirror.definition_versions
where known_to >= $begins::timestamptz and known_to < $ends::timestamptz
union all by name
select *, null::timestamptz as known_to from mirror.definitions
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by kind, object_type, id, known_from;
