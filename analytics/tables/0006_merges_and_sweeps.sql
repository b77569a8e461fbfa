-- What records say was merged into them, until the mirror has closed it: few rows, instead of reading through all records for it.

create table merge_due (
  object_type varchar not null,
  id varchar not null,
  merged_id varchar not null
);
comment on table merge_due is 'Records that loaded ones name as merged into them; emptied once these are closed.';
comment on column merge_due.object_type is 'The type of both.';
comment on column merge_due.id is 'The record that lives on.';
comment on column merge_due.merged_id is 'The one that was merged into it.';

alter table sweeps add column unsettled_at timestamptz;
comment on column sweeps.unsettled_at is 'When a sweep ended that left the counts different, on the clock of the computer; null once they were equal since.';
