-- A history file from before there were tombstones holds none.
create table if not exists gathered_tombstones (
  object_type varchar,
  id varchar,
  reason varchar,
  merged_into varchar,
  known_from timestamptz,
  known_to timestamptz
);
