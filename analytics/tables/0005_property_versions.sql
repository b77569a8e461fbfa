-- What HubSpot remembers of single properties: who set which value when, in the time of the world and not in that of our knowledge.

create table property_versions (
  object_type varchar not null,
  id varchar not null,
  property varchar not null,
  valid_from timestamptz not null,
  value varchar,
  source_type varchar,
  source_id varchar,
  by_us boolean,
  known_from timestamptz not null
);
comment on table property_versions is 'Values that properties of companies and deals have had, as HubSpot''s history tells them. Only ever added to: HubSpot may forget old ones, the mirror does not.';
comment on column property_versions.object_type is 'companies or deals.';
comment on column property_versions.id is 'The record.';
comment on column property_versions.property is 'The property.';
comment on column property_versions.valid_from is 'When it was given this value, as HubSpot says.';
comment on column property_versions.value is 'The value as HubSpot sent it; null when it was cleared.';
comment on column property_versions.source_type is 'What set it: CRM_UI, INTEGRATION, IMPORT ...; null where HubSpot does not say.';
comment on column property_versions.source_id is 'Which of them; the number of the app for an integration.';
comment on column property_versions.by_us is 'Whether our own app set it, so that it is no change of the customer''s; null where our number was not known.';
comment on column property_versions.known_from is 'When we learned it.';

create table property_history_read (
  object_type varchar not null,
  id varchar not null,
  content_hash varchar not null,
  names_hash varchar not null
);
comment on table property_history_read is 'Records whose property history was read, as they were then: one that differs is read anew.';
comment on column property_history_read.object_type is 'The record''s type.';
comment on column property_history_read.id is 'The record.';
comment on column property_history_read.content_hash is 'Its content when the history was read, as in objects.';
comment on column property_history_read.names_hash is 'MD5 of the names that were read.';
