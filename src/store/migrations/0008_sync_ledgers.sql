-- What the last sync of a portal can show of its completeness, for pages and for the doctor: the warehouse is the worker's alone.

create table holdfast.sync_ledgers (
  portal_id text primary key references holdfast.portals (id),
  document jsonb not null,
  read_at timestamptz not null
);
