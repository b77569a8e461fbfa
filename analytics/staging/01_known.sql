-- The records, links and definitions as they were known at a moment: the version that was open then.
create or replace temp macro objects_known(t) as table
  select object_type, id, known_from, created_at, updated_at, archived, archived_at, properties
  from mirror.objects
  where known_from <= t
  union all
  select object_type, id, known_from, created_at, updated_at, archived, archived_at, properties
  from mirror.object_versions
  where known_from <= t and known_to > t;

create or replace temp macro links_known(t) as table
  select from_type, from_id, to_type, to_id, category, type_id, label
  from mirror.associations
  where known_from <= t
  union all
  select from_type, from_id, to_type, to_id, category, type_id, label
  from mirror.association_versions
  where known_from <= t and known_to > t;

-- Records that were here and are no more, each with what became of it and where a merged one lives on, over several merges.
create or replace temp macro tombstones_known(t) as table
  with recursive
  stones as (
    select object_type, id, reason, merged_into
    from mirror.tombstones
    where known_from <= t
    union all
    select object_type, id, reason, merged_into
    from mirror.tombstone_versions
    where known_from <= t and known_to > t
  ),
  chain as (
    select object_type, id, reason, merged_into, 1 as step from stones
    union all
    select chain.object_type, chain.id, chain.reason, stones.merged_into, chain.step + 1
    from chain
    join stones on stones.object_type = chain.object_type and stones.id = chain.merged_into
    where stones.reason = 'merged' and chain.step < 20
  )
  select object_type, id, any_value(reason) as reason, arg_max(merged_into, step) as lives_on_in
  from chain
  group by object_type, id;

create or replace temp macro definitions_known(t) as table
  select kind, object_type, id, document
  from mirror.definitions
  where known_from <= t
  union all
  select kind, object_type, id, document
  from mirror.definition_versions
  where known_from <= t and known_to > t;

-- The value of the property that the mapping names; nothing where it names none.
create or replace temp macro mapped(properties, name) as nullif(properties ->> ('$."' || name || '"'), '');

-- A setting of the mapping by its path.
create or replace temp macro setting(path) as (getvariable('mapping') ->> path);

-- A day of the portal: HubSpot writes dates as days, as moments or as milliseconds of midnight UTC.
create or replace temp macro as_day(value) as
  case
    when regexp_full_match(value, '\d{4}-\d{2}-\d{2}') then try_cast(value as date)
    when regexp_full_match(value, '-?\d{11,14}') then epoch_ms(try_cast(value as bigint))::date
    else (try_cast(value as timestamptz) at time zone getvariable('time_zone'))::date
  end;

create or replace temp macro as_money(value) as try_cast(value as decimal(18, 4));
create or replace temp macro as_yes(value) as lower(value) in ('true', 'yes', '1');
