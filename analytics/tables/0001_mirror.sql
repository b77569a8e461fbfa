-- The mirror of the CRM: every change is a new version, with when we learned it. No keys and no indexes: a check query
-- asserts uniqueness, and rows are replaced by delete and insert in one transaction.

create table objects (
  object_type varchar not null,
  id varchar not null,
  known_from timestamptz not null,
  created_at timestamptz,
  updated_at timestamptz,
  archived boolean not null,
  archived_at timestamptz,
  properties json not null,
  content_hash varchar not null
);
comment on table objects is 'The open version of every CRM record: what we know now.';
comment on column objects.object_type is 'HubSpot''s name of the type in paths: companies, deals, 2-123 ...';
comment on column objects.id is 'HubSpot''s id, digits as text; order it as a number.';
comment on column objects.known_from is 'When this version was learned: the commit that brought it.';
comment on column objects.created_at is 'When HubSpot says the record was created.';
comment on column objects.updated_at is 'When HubSpot says the record was last modified.';
comment on column objects.archived is 'Whether the record is in HubSpot''s recycle bin.';
comment on column objects.archived_at is 'When HubSpot says it was put there.';
comment on column objects.properties is 'Every property that has a value, as HubSpot sent it, names in order.';
comment on column objects.content_hash is 'MD5 of properties and archived state: equal means that nothing changed.';

create table object_versions (
  object_type varchar not null,
  id varchar not null,
  known_from timestamptz not null,
  created_at timestamptz,
  updated_at timestamptz,
  archived boolean not null,
  archived_at timestamptz,
  properties json not null,
  content_hash varchar not null,
  known_to timestamptz not null
);
comment on table object_versions is 'Closed versions of CRM records: what we knew until known_to. Only ever added to.';
comment on column object_versions.object_type is 'As in objects.';
comment on column object_versions.id is 'As in objects.';
comment on column object_versions.known_from is 'When this version was learned.';
comment on column object_versions.created_at is 'As in objects.';
comment on column object_versions.updated_at is 'As in objects.';
comment on column object_versions.archived is 'As in objects.';
comment on column object_versions.archived_at is 'As in objects.';
comment on column object_versions.properties is 'As in objects.';
comment on column object_versions.content_hash is 'As in objects.';
comment on column object_versions.known_to is 'When the next version was learned; this one no longer held from then on.';

create table associations (
  from_type varchar not null,
  from_id varchar not null,
  to_type varchar not null,
  to_id varchar not null,
  category varchar not null,
  type_id integer not null,
  label varchar,
  known_from timestamptz not null
);
comment on table associations is 'The links between records as we know them now; one row for each label of a pair.';
comment on column associations.from_type is 'The type of the record that the link leaves.';
comment on column associations.from_id is 'Its id.';
comment on column associations.to_type is 'The type of the record that the link reaches.';
comment on column associations.to_id is 'Its id.';
comment on column associations.category is 'HUBSPOT_DEFINED, USER_DEFINED or INTEGRATOR_DEFINED; part of the key.';
comment on column associations.type_id is 'HubSpot''s number of the label within the category.';
comment on column associations.label is 'The label''s text; null for the unlabelled link.';
comment on column associations.known_from is 'When the link was learned.';

create table association_versions (
  from_type varchar not null,
  from_id varchar not null,
  to_type varchar not null,
  to_id varchar not null,
  category varchar not null,
  type_id integer not null,
  label varchar,
  known_from timestamptz not null,
  known_to timestamptz not null
);
comment on table association_versions is 'Links that are no more. Only ever added to.';
comment on column association_versions.from_type is 'As in associations.';
comment on column association_versions.from_id is 'As in associations.';
comment on column association_versions.to_type is 'As in associations.';
comment on column association_versions.to_id is 'As in associations.';
comment on column association_versions.category is 'As in associations.';
comment on column association_versions.type_id is 'As in associations.';
comment on column association_versions.label is 'As in associations.';
comment on column association_versions.known_from is 'When the link was learned.';
comment on column association_versions.known_to is 'When we learned that it was gone.';

create table association_due (
  object_type varchar not null,
  id varchar not null
);
comment on table association_due is 'Records whose links are still to be read because the record is new or changed.';
comment on column association_due.object_type is 'The record''s type.';
comment on column association_due.id is 'The record''s id.';

create table definitions (
  kind varchar not null,
  object_type varchar not null,
  id varchar not null,
  known_from timestamptz not null,
  document json not null
);
comment on table definitions is 'What describes records: properties, pipelines with their stages, owners, custom object schemas.';
comment on column definitions.kind is 'property, pipeline, owner, schema or account.';
comment on column definitions.object_type is 'The type it belongs to; empty for owners, schemas and the account.';
comment on column definitions.id is 'Its name or id.';
comment on column definitions.known_from is 'When this version was learned.';
comment on column definitions.document is 'The definition as HubSpot gave it, in our words.';

create table definition_versions (
  kind varchar not null,
  object_type varchar not null,
  id varchar not null,
  known_from timestamptz not null,
  document json not null,
  known_to timestamptz not null
);
comment on table definition_versions is 'Definitions that changed or are gone, so that history keeps its labels. Only ever added to.';
comment on column definition_versions.kind is 'As in definitions.';
comment on column definition_versions.object_type is 'As in definitions.';
comment on column definition_versions.id is 'As in definitions.';
comment on column definition_versions.known_from is 'As in definitions.';
comment on column definition_versions.document is 'As in definitions.';
comment on column definition_versions.known_to is 'When the next version, or its absence, was learned.';

create table sync_state (
  object_type varchar not null,
  list_started_at timestamptz,
  listed_to varchar,
  modified_to timestamptz
);
comment on table sync_state is 'Where the sync of a type stands; changed in the transaction that brings the rows it stands for.';
comment on column sync_state.object_type is 'The type.';
comment on column sync_state.list_started_at is 'When the first load began.';
comment on column sync_state.listed_to is 'The last id the first load has brought; null before the first page.';
comment on column sync_state.modified_to is 'Every change up to here is in; null until the first load is done.';

create table sync_runs (
  id varchar not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  state varchar not null,
  requests integer not null,
  retries integer not null,
  result json
);
comment on table sync_runs is 'The ledger: one row a run.';
comment on column sync_runs.id is 'The run.';
comment on column sync_runs.started_at is 'When it began.';
comment on column sync_runs.finished_at is 'When it ended; null while it runs or when it was killed.';
comment on column sync_runs.state is 'running, complete, stopped or failed.';
comment on column sync_runs.requests is 'Calls to HubSpot.';
comment on column sync_runs.retries is 'How many of them were asked again.';
comment on column sync_runs.result is 'Rows read and changed per type, what was skipped and why.';
