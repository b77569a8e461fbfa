-- Makes the tables of the mirror of what was gathered. A version that is open in the file of one month and closed in that of a later one was
-- closed; one that began and ended in the same moment never held, and closes nothing.
create table object_versions as from gathered_objects where known_to is not null;
create table objects as
select gathered.* exclude (known_to)
from gathered_objects gathered
anti join object_versions closed
  on closed.object_type = gathered.object_type and closed.id = gathered.id
  and closed.known_from = gathered.known_from and closed.content_hash = gathered.content_hash
  and closed.known_to > closed.known_from
where gathered.known_to is null;
drop table gathered_objects;

create table association_versions as from gathered_associations where known_to is not null;
create table associations as
select gathered.* exclude (known_to)
from gathered_associations gathered
anti join association_versions closed
  on closed.from_type = gathered.from_type and closed.from_id = gathered.from_id
  and closed.to_type = gathered.to_type and closed.to_id = gathered.to_id
  and closed.category = gathered.category and closed.type_id = gathered.type_id
  and closed.label is not distinct from gathered.label
  and closed.known_from = gathered.known_from and closed.known_to > closed.known_from
where gathered.known_to is null;
drop table gathered_associations;

create table definition_versions as from gathered_definitions where known_to is not null;
create table definitions as
select gathered.* exclude (known_to)
from gathered_definitions gathered
anti join definition_versions closed
  on closed.kind = gathered.kind and closed.object_type = gathered.object_type and closed.id = gathered.id
  and closed.known_from = gathered.known_from and closed.document::varchar = gathered.document::varchar
  and closed.known_to > closed.known_from
where gathered.known_to is null;
drop table gathered_definitions;

create table tombstone_versions as from gathered_tombstones where known_to is not null;
create table tombstones as
select gathered.* exclude (known_to)
from gathered_tombstones gathered
anti join tombstone_versions gone
  on gone.object_type = gathered.object_type and gone.id = gathered.id
  and gone.known_from = gathered.known_from and gone.known_to > gone.known_from
where gathered.known_to is null;
drop table gathered_tombstones;
