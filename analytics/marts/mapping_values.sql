-- Mapping values: for every property that the mapping reads, how many records have a value of it.
-- Counts   live records; HubSpot's own properties too, where they are read because the mapping names none.
-- Excludes archived records; properties of types of which there is no record.
-- NULL     never.
-- @object_type the record type; for imported files import_ and the kind
-- @property the property, or the field of an imported file
-- @records how many records of the type there are
-- @filled how many of them hold a value
with
counted as (
  from stg_value_counts(getvariable('known_at'), 'companies', list_distinct(list_concat(named_properties('$.accounts.*'), named_properties('$.contracts.companies.*'))))
  union all
  from stg_value_counts(getvariable('known_at'), 'subscriptions', named_properties('$.contracts.subscriptions.*'))
  union all
  from stg_value_counts(getvariable('known_at'), 'line_items', named_properties('$.contracts.line_items.*'))
  union all
  from stg_value_counts(getvariable('known_at'), 'deals', named_properties('$.contracts.deals.*'))
  union all
  from stg_value_counts(getvariable('known_at'), 'contacts', named_properties('$.contacts.*'))
  union all
  from stg_value_counts(getvariable('known_at'), 'feedback_submissions', list_distinct(list_concat(named_properties('$.responses.*'), ['hs_survey_type', 'hs_value', 'hs_content', 'hs_submission_timestamp'])))
  union all
  from stg_value_counts(getvariable('known_at'), 'tickets', list_distinct(list_concat(named_properties('$.tickets.*'), ['hs_ticket_priority', 'hs_ticket_category'])))
  union all
  from stg_value_counts(getvariable('known_at'), 'invoices', list_distinct(list_concat(named_properties('$.invoices.*'), ['hs_number', 'hs_invoice_date', 'hs_due_date', 'hs_amount_billed', 'hs_balance_due', 'hs_currency', 'hs_invoice_status'])))
  union all
  from stg_value_counts(getvariable('known_at'), setting('$.usage.object_type'), named_properties('$.usage.*'))
  union all
  select imported.object_type, imported.property, totals.records, count(*)::integer
  from (
    select object_type, unnest(json_keys(properties)) as property
    from objects_known(getvariable('known_at'))
    where starts_with(object_type, 'import_') and not archived
  ) imported
  join (
    select object_type, count(*)::integer as records
    from objects_known(getvariable('known_at'))
    where starts_with(object_type, 'import_') and not archived
    group by object_type
  ) totals on totals.object_type = imported.object_type
  group by imported.object_type, imported.property, totals.records
)
select object_type, property, records, filled
from counted
where object_type is not null
order by object_type, property;
