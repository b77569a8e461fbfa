-- What the processes that use one portal's token share of HubSpot's limits: permits given in the last window, pauses, limits that
-- HubSpot told. It is true for seconds: whoever finds it gone or of another form begins anew.

create table holdfast.hubspot_budgets (
  portal_id text primary key references holdfast.portals (id),
  state jsonb not null,
  changed_at timestamptz not null
);
