-- How a portal's records become accounts and contracts. Every version is kept: an answer "as known then" uses the version of then.

create table holdfast.mappings (
  portal_id text not null references holdfast.portals (id),
  version integer not null,
  document jsonb not null,
  author text not null,
  known_from timestamptz not null,
  primary key (portal_id, version)
);
