-- Why links are left out: what HubSpot refuses stays so until somebody grants a scope, and is not on its way.

alter table association_skipped add column reason varchar;
comment on column association_skipped.reason is 'What HubSpot says of the pair, as a sentence; null where the type itself could not be read, or nobody has asked yet.';
