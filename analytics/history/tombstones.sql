-- What became of records that are no more: tombstones that went in the file's month, because the record came back, and those put up in it that
-- stood when the file was written.
-- @known_to when the record was there again; NULL while the tombstone stood
select * from mirror.tombstone_versions
where known_to >= $begins::timestamptz and known_to < $ends::timestamptz
union all by name
select *, null::timestamptz as known_to from mirror.tombstones
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by object_type, id, known_from;
