-- The properties that a part of the mapping names; its settings that are no property count nothing.
create or replace temp macro named_properties(path) as
  list_distinct(list_filter(
    coalesce(json_extract_string(getvariable('mapping'), path), []),
    name -> name is not null and not starts_with(name, '[') and not starts_with(name, '{')
  ));

-- How many live records of a type there are, and how many of them hold a value of each property. Every record is read once, whatever
-- the number of names: they reach DuckDB as one constant list.
create or replace temp macro stg_value_counts(t, record_type, names) as table
  select
    record_type as object_type,
    names[place] as property,
    count(*)::integer as records,
    (count(*) filter (value <> ''))::integer as filled
  from (
    select
      unnest(json_extract_string(properties, list_transform(names, name -> '$."' || name || '"'))) as value,
      unnest(range(1, len(names) + 1)) as place
    from objects_known(t)
    where object_type = record_type and not archived
  )
  group by place;
