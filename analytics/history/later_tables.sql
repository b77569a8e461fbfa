-- A history file from before there were these tables holds none of them.
create table if not exists gathered_tombstones (
  object_type varchar,
  id varchar,
  reason varchar,
  merged_into varchar,
  known_from timestamptz,
  known_to timestamptz
);
create table if not exists property_versions (
  object_type varchar,
  id varchar,
  property varchar,
  valid_from timestamptz,
  value varchar,
  source_type varchar,
  source_id varchar,
  by_us boolean,
  known_from timestamptz
);
