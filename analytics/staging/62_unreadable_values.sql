-- What a part of the mapping reads as something else than text: the property, and as what. Names that the mapping leaves open fall out.
create or replace temp macro read_as(fields) as
  list_distinct(list_filter(fields, field -> field.name is not null));

create or replace temp macro contract_fields(src) as [
  {name: field(src, 'start'), reads: 'date'},
  {name: field(src, 'end'), reads: 'date'},
  {name: field(src, 'service_end'), reads: 'date'},
  {name: field(src, 'notice_date'), reads: 'date'},
  {name: field(src, 'paused_from'), reads: 'date'},
  {name: field(src, 'paused_to'), reads: 'date'},
  {name: field(src, 'churn_date'), reads: 'date'},
  {name: field(src, 'mrr'), reads: 'amount'},
  {name: field(src, 'arr'), reads: 'amount'},
  {name: field(src, 'amount'), reads: 'amount'},
  {name: field(src, 'notice_days'), reads: 'whole number'},
  {name: field(src, 'term_months'), reads: 'number of months'},
  {name: field(src, 'frequency'), reads: 'billing period'},
  {name: field(src, 'rate'), reads: 'rate'}
];

-- With the casts by which the values are read elsewhere: what these make nothing of counts as missing.
create or replace temp macro is_readable(value, reads) as
  case reads
    when 'date' then as_day(value) is not null
    when 'moment' then as_moment(value) is not null
    when 'amount' then as_money(value) is not null
    when 'whole number' then try_cast(value as integer) is not null
    when 'number' then try_cast(value as double) is not null
    when 'number of months' then months_of(value) is not null
    when 'billing period' then months_of_frequency(value) is not null
    when 'rate' then try_cast(value as decimal(18, 8)) is not null
  end;

-- Texts of live records of a type that cannot be read as what they should be. As in stg_value_counts, every record is read once.
create or replace temp macro stg_unreadable_values(t, record_type, fields) as table
  select record_type as object_type, id, fields[place].name as property, fields[place].reads as reads, value
  from (
    select
      id,
      unnest(json_extract_string(properties, list_transform(fields, field -> '$."' || field.name || '"'))) as value,
      unnest(range(1, len(fields) + 1)) as place
    from objects_known(t)
    where object_type = record_type and not archived
  )
  where value <> '' and not is_readable(value, fields[place].reads);
