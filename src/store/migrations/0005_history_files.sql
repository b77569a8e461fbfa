-- Published files are of two kinds: one current a portal, and one history file a portal and month.

alter table holdfast.snapshots add column month text not null default '';
alter table holdfast.snapshots add column versions bigint;
alter table holdfast.snapshots drop constraint snapshots_pkey;
alter table holdfast.snapshots add primary key (portal_id, kind, month);
alter table holdfast.snapshots add constraint snapshots_kind_check check (
  (kind = 'current' and month = '') or (kind = 'history' and month <> '' and versions is not null)
);
