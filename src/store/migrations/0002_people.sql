-- Who acts: people of a portal, the links that let them in, and their sessions. Links and sessions are kept as hashes.

create table holdfast.people (
  portal_id text not null references holdfast.portals (id),
  id uuid not null default gen_random_uuid(),
  name text not null,
  email text,
  role text not null check (role in ('admin', 'leader', 'manager', 'analyst')),
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (portal_id, id)
);

create unique index people_email on holdfast.people (portal_id, lower(email)) where email is not null and removed_at is null;

create table holdfast.links (
  portal_id text not null references holdfast.portals (id),
  id uuid not null default gen_random_uuid(),
  token_hash text not null unique,
  person_id uuid not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (portal_id, id),
  foreign key (portal_id, person_id) references holdfast.people (portal_id, id)
);

create table holdfast.sessions (
  portal_id text not null references holdfast.portals (id),
  id uuid not null default gen_random_uuid(),
  token_hash text not null unique,
  csrf_token text not null,
  person_id uuid not null,
  device text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (portal_id, id),
  foreign key (portal_id, person_id) references holdfast.people (portal_id, id)
);

create index sessions_person on holdfast.sessions (portal_id, person_id);
