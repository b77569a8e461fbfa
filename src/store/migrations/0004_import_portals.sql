-- A portal whose records come from files alone: nobody syncs it.

alter table holdfast.portals drop constraint portals_mode_check;
alter table holdfast.portals add constraint portals_mode_check check (mode in ('demo', 'token', 'oauth', 'import'));
