-- What shows that the mirror is complete: how far the sweeps are, what became of records that are gone, and the ledger of what was asked and came.

create table sweeps (
  object_type varchar not null,
  finished_at timestamptz,
  links_at timestamptz,
  properties json,
  started_at timestamptz,
  listed_to varchar,
  is_listed boolean not null,
  reading json
);
comment on table sweeps is 'Where the sweeps of a type stand; changed in the transaction that brings the rows it stands for.';
comment on column sweeps.object_type is 'The type.';
comment on column sweeps.finished_at is 'Since when every record of the type has been read whole: the beginning of the last whole sweep, or the end of the first load, on the clock of the computer.';
comment on column sweeps.links_at is 'When the links of all its records were last put on the list of those to read, on the same clock.';
comment on column sweeps.properties is 'The names with which every record was read since; one that is not among them may be missing on records that did not change.';
comment on column sweeps.started_at is 'When the sweep that is under way began; null while there is none.';
comment on column sweeps.listed_to is 'The cursor behind the last page that is in; null before the first.';
comment on column sweeps.is_listed is 'Whether the list has come to its end and only the records that it did not hold are left to ask for.';
comment on column sweeps.reading is 'The names with which every record was read that the sweep, or the first load, under way has brought.';

create table sweep_seen (
  object_type varchar not null,
  id varchar not null
);
comment on table sweep_seen is 'Records that the sweep under way has found; emptied at its end.';
comment on column sweep_seen.object_type is 'The record''s type.';
comment on column sweep_seen.id is 'The record''s id.';

create table verify_due (
  object_type varchar not null,
  id varchar not null
);
comment on table verify_due is 'Records of which search told something else than is known without a later date: they are asked for by themselves.';
comment on column verify_due.object_type is 'The record''s type.';
comment on column verify_due.id is 'The record''s id.';

create table tombstones (
  object_type varchar not null,
  id varchar not null,
  reason varchar not null,
  merged_into varchar,
  known_from timestamptz not null
);
comment on table tombstones is 'Records that were here and are no more. One in the recycle bin is not among them: it has an open version.';
comment on column tombstones.object_type is 'The record''s type.';
comment on column tombstones.id is 'The record''s id.';
comment on column tombstones.reason is 'merged: it lives on in another record; purged: HubSpot has it neither live nor in the bin.';
comment on column tombstones.merged_into is 'The record that it was merged into, which may have been merged further since; null when purged.';
comment on column tombstones.known_from is 'When that was learned.';

create table tombstone_versions (
  object_type varchar not null,
  id varchar not null,
  reason varchar not null,
  merged_into varchar,
  known_from timestamptz not null,
  known_to timestamptz not null
);
comment on table tombstone_versions is 'Tombstones of records that came back. Only ever added to.';
comment on column tombstone_versions.object_type is 'As in tombstones.';
comment on column tombstone_versions.id is 'As in tombstones.';
comment on column tombstone_versions.reason is 'As in tombstones.';
comment on column tombstone_versions.merged_into is 'As in tombstones.';
comment on column tombstone_versions.known_from is 'As in tombstones.';
comment on column tombstone_versions.known_to is 'When the record was learned to be there again.';

create table sync_windows (
  run varchar not null,
  object_type varchar not null,
  pass varchar not null,
  to_type varchar,
  window_from timestamptz,
  window_to timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  total integer,
  landed integer not null,
  versions integer not null,
  requests integer not null,
  retries integer not null,
  seconds double not null
);
comment on table sync_windows is 'The ledger of a run: one row for each thing that was read through. The newest thirty runs, and the newest whole row of each type and pass.';
comment on column sync_windows.run is 'The run, as in sync_runs.';
comment on column sync_windows.object_type is 'The type that was read.';
comment on column sync_windows.pass is 'load (the first list), changes (by search), bin (the recycle bin), sweep (the list again), links, history.';
comment on column sync_windows.to_type is 'The type at the other end, for links; null for all else.';
comment on column sync_windows.window_from is 'The modified date from which changes were asked for; null for all else.';
comment on column sync_windows.window_to is 'The modified date up to which they are known to be in, for changes; null for all else.';
comment on column sync_windows.started_at is 'When reading began, on the clock of the computer.';
comment on column sync_windows.finished_at is 'When it had been read to its end; null when it was cut off. A row is written when reading ends.';
comment on column sync_windows.total is 'How many there are, as HubSpot said at the start; null where it does not say.';
comment on column sync_windows.landed is 'How many different records came; for links, of how many records.';
comment on column sync_windows.versions is 'How many versions, or links, were added or closed.';
comment on column sync_windows.requests is 'Calls to HubSpot.';
comment on column sync_windows.retries is 'How many of them were asked again.';
comment on column sync_windows.seconds is 'How long it took.';

create table sync_counts (
  object_type varchar not null,
  checked_at timestamptz not null,
  hubspot_total integer,
  live integer not null,
  archived integer not null,
  merged integer not null,
  purged integer not null,
  state varchar not null,
  differing integer not null
);
comment on table sync_counts is 'Whether a type holds as many records as HubSpot says there are: the last check of each.';
comment on column sync_counts.object_type is 'The type.';
comment on column sync_counts.checked_at is 'When it was checked, on the clock of the computer.';
comment on column sync_counts.hubspot_total is 'How many live records HubSpot''s search counts; null when it did not say.';
comment on column sync_counts.live is 'How many of ours are live.';
comment on column sync_counts.archived is 'How many of ours are in the recycle bin.';
comment on column sync_counts.merged is 'How many were merged into others since we watch.';
comment on column sync_counts.purged is 'How many are gone for good since we watch.';
comment on column sync_counts.state is 'complete: the two are equal; settling: what search has not caught up with explains it; differs; unknown: HubSpot did not say.';
comment on column sync_counts.differing is 'How many records differ: those named in sync_differences, else the distance of the two counts.';

create table sync_differences (
  object_type varchar not null,
  id varchar not null,
  kind varchar not null
);
comment on table sync_differences is 'Records in which the two still differ after a sweep, one by one; empty when all is well.';
comment on column sync_differences.object_type is 'The record''s type.';
comment on column sync_differences.id is 'The record''s id.';
comment on column sync_differences.kind is 'missing_here: search has it and we do not; missing_there: we have it live and search does not.';
