-- Versions of records: those closed in the file's month, and those learned in it that were open when the file was written.
-- @known_to when the next version was learned; NULL while it was open
select * from mirror.object_versions
where known_to >= $begins::timestamptz and known_to < $ends::timestamptz
union all by name
select *, null::timestamptz as known_to from mirror.objects
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by object_type, id, known_from;
