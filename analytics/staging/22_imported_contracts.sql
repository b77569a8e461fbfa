-- Contracts from imported files: the importer has given every value its canonical name and form; ends are as the file has them.
create or replace temp macro stg_imported_contracts(t) as table
  select
    'import' as source,
    id as source_id,
    mapped(properties, 'line') as name,
    mapped(properties, 'account_id') as raw_account_id,
    as_day(mapped(properties, 'start_date')) as start_date,
    as_day(mapped(properties, 'end_date'))
      + (case when (getvariable('book') ->> 'end_day') = 'inclusive' then 1 else 0 end) as end_date,
    as_day(mapped(properties, 'service_end_date'))
      + (case when (getvariable('book') ->> 'end_day') = 'inclusive' then 1 else 0 end) as service_end_date,
    as_day(mapped(properties, 'notice_date')) as notice_date,
    null::integer as notice_days,
    as_yes(mapped(properties, 'auto_renew')) as auto_renew,
    mapped(properties, 'end_date') is null and mapped(properties, 'term_months') is null as open_ended,
    as_money(mapped(properties, 'mrr')) as mrr,
    null::decimal(18, 4) as arr,
    as_money(mapped(properties, 'value')) as amount,
    false as has_frequency,
    null::decimal(18, 4) as frequency_months,
    months_of(mapped(properties, 'term_months')) as term_months,
    upper(mapped(properties, 'currency')) as currency,
    null::decimal(18, 8) as rate,
    mapped(properties, 'line') as line,
    lower(mapped(properties, 'kind')) as kind,
    true as is_won,
    true as is_in_pipeline,
    coalesce(as_yes(mapped(properties, 'is_trial')), false) as is_trial,
    as_day(mapped(properties, 'paused_from')) as paused_from,
    as_day(mapped(properties, 'paused_to')) as paused_to,
    null::date as churn_date,
    mapped(properties, 'churn_kind') as churn_kind,
    mapped(properties, 'churn_reason') as churn_reason,
    coalesce(try_cast(mapped(properties, 'recorded_at') as timestamptz), created_at) as recorded_at
  from objects_known(t)
  where object_type = 'import_contracts' and not archived;
