-- Programs that send usage: their tokens (kept as hashes), the rows that wait for the worker, and the keys of the batches that came.

create table holdfast.usage_tokens (
  portal_id text not null references holdfast.portals (id),
  id uuid not null default gen_random_uuid(),
  token_hash text not null unique,
  name text not null,
  created_by text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (portal_id, id)
);

-- Emptied by the worker once the rows are in the portal's warehouse.
create table holdfast.usage_inbox (
  portal_id text not null references holdfast.portals (id),
  seq bigint generated always as identity,
  account text not null,
  day date not null,
  feature text not null,
  count numeric,
  active_users bigint,
  received_at timestamptz not null,
  primary key (portal_id, seq)
);

create table holdfast.usage_batches (
  portal_id text not null references holdfast.portals (id),
  key text not null,
  content_hash text not null,
  received_at timestamptz not null,
  primary key (portal_id, key)
);

-- An admin who changed over from another portal can go back to the session's person there.
alter table holdfast.sessions add column from_portal_id text references holdfast.portals (id);
alter table holdfast.sessions add column from_person_id uuid;
