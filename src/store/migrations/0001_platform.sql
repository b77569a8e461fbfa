-- The platform: portals and what every part of the product shares. Each row belongs to one portal.

create table holdfast.portals (
  id text primary key,
  mode text not null check (mode in ('demo', 'token', 'oauth')),
  -- facts that HubSpot tells at the first contact; null before it
  hubspot_portal_id bigint unique,
  time_zone text,
  currency text,
  ui_domain text,
  -- HubSpot tokens, sealed with the portal's id
  sealed_tokens text,
  created_at timestamptz not null default now()
);

create table holdfast.settings (
  portal_id text not null references holdfast.portals (id),
  key text not null,
  value jsonb not null,
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (portal_id, key)
);

-- Everything that leaves Holdfast, written in the transaction of the decision.
create table holdfast.outbox (
  portal_id text not null references holdfast.portals (id),
  id uuid not null default gen_random_uuid(),
  kind text not null,
  target text not null,
  payload jsonb not null,
  idempotency_key text not null,
  state text not null check (state in ('held', 'pending', 'sending', 'sent', 'failed', 'parked')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  last_error text,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (portal_id, id),
  unique (portal_id, idempotency_key)
);

create index outbox_due on holdfast.outbox (next_at) where state in ('pending', 'failed', 'sending');

-- Append-only; each row carries the hash of the one before, so that a removed or edited row shows.
create table holdfast.audit (
  portal_id text not null references holdfast.portals (id),
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  via text not null,
  action text not null,
  subject text,
  details jsonb not null,
  hash text not null,
  primary key (portal_id, seq)
);

-- Which published file readers open.
create table holdfast.snapshots (
  portal_id text not null references holdfast.portals (id),
  kind text not null,
  name text not null,
  fence bigint not null,
  published_at timestamptz not null,
  primary key (portal_id, kind)
);

create table holdfast.sync_status (
  portal_id text primary key references holdfast.portals (id),
  progress jsonb,
  result jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  succeeded_at timestamptz
);

-- One worker at a time for a portal; the fence grows with every new holder.
create table holdfast.leases (
  portal_id text primary key references holdfast.portals (id),
  holder text,
  fence bigint not null default 0,
  expires_at timestamptz
);

-- A sign of life of each worker process.
create table holdfast.workers (
  id text primary key,
  alive_at timestamptz not null
);
