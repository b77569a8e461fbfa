-- The rows that may be contracts, as each source holds them: renamed and cast, nothing decided. `src` is the record type and the
-- mapping's section at once; imported rows carry the canonical names themselves.
create or replace temp macro field(src, name) as (getvariable('mapping') ->> ('$.contracts.' || src || '.' || name));

create or replace temp macro months_of(text_value) as
  case
    when regexp_full_match(text_value, 'P\d+Y') then 12 * try_cast(regexp_extract(text_value, '\d+') as integer)
    when regexp_full_match(text_value, 'P\d+M') then try_cast(regexp_extract(text_value, '\d+') as integer)
    else try_cast(try_cast(text_value as double) as integer)
  end;

-- Months between two payments, by HubSpot's words and a few others.
create or replace temp macro months_of_frequency(word) as
  case lower(word)
    when 'weekly' then 12.0 / 52
    when 'biweekly' then 12.0 / 26
    when 'monthly' then 1
    when 'quarterly' then 3
    when 'per_six_months' then 6
    when 'semiannually' then 6
    when 'annually' then 12
    when 'yearly' then 12
    when 'per_two_years' then 24
    when 'per_three_years' then 36
    when 'per_four_years' then 48
    when 'per_five_years' then 60
  end;

-- A value of the mapping's list, or the kind's own name.
create or replace temp macro is_kind(src, value, kind) as
  (lower(value) = kind or list_contains(from_json(coalesce(getvariable('mapping') -> ('$.contracts.' || src || '.kinds.' || kind), '[]'::json), '["VARCHAR"]'), value));

create or replace temp macro stg_contract_rows(t, src) as table
  select
    src as source,
    id as source_id,
    as_day(mapped(properties, field(src, 'start'))) as start_date,
    as_day(mapped(properties, field(src, 'end')))
      + (case when field(src, 'end_is') = 'last_day' then 1 else 0 end) as end_date,
    as_day(mapped(properties, field(src, 'service_end'))) as service_end_date,
    as_day(mapped(properties, field(src, 'notice_date'))) as notice_date,
    try_cast(mapped(properties, field(src, 'notice_days')) as integer) as notice_days,
    as_yes(mapped(properties, field(src, 'auto_renew'))) as auto_renew,
    (field(src, 'open_ended') = 'true') as open_ended,
    as_money(mapped(properties, field(src, 'mrr'))) as mrr,
    as_money(mapped(properties, field(src, 'arr'))) as arr,
    as_money(mapped(properties, field(src, 'amount'))) as amount,
    field(src, 'frequency') is not null as has_frequency,
    months_of_frequency(mapped(properties, field(src, 'frequency'))) as frequency_months,
    months_of(mapped(properties, field(src, 'term_months'))) as term_months,
    upper(mapped(properties, field(src, 'currency'))) as currency,
    try_cast(mapped(properties, field(src, 'rate')) as decimal(18, 8)) as rate,
    mapped(properties, field(src, 'line')) as line,
    case
      when is_kind(src, mapped(properties, field(src, 'kind')), 'renewal') then 'renewal'
      when is_kind(src, mapped(properties, field(src, 'kind')), 'expansion') then 'expansion'
      when is_kind(src, mapped(properties, field(src, 'kind')), 'return') then 'return'
      when is_kind(src, mapped(properties, field(src, 'kind')), 'new') then 'new'
    end as kind,
    field(src, 'won') is null
      or list_contains(from_json(getvariable('mapping') -> ('$.contracts.' || src || '.won_values'), '["VARCHAR"]'), mapped(properties, field(src, 'won'))) as is_won,
    json_array_length(getvariable('mapping') -> ('$.contracts.' || src || '.pipelines')) = 0
      or list_contains(from_json(getvariable('mapping') -> ('$.contracts.' || src || '.pipelines'), '["VARCHAR"]'), mapped(properties, field(src, 'pipeline'))) as is_in_pipeline,
    list_contains(from_json(getvariable('mapping') -> ('$.contracts.' || src || '.trial_values'), '["VARCHAR"]'), mapped(properties, field(src, 'trial'))) as is_trial,
    as_day(mapped(properties, field(src, 'paused_from'))) as paused_from,
    as_day(mapped(properties, field(src, 'paused_to'))) as paused_to,
    as_day(mapped(properties, field(src, 'churn_date'))) as churn_date,
    mapped(properties, field(src, 'churn_kind')) as churn_kind,
    mapped(properties, field(src, 'churn_reason')) as churn_reason,
    created_at as recorded_at
  from objects_known(t)
  where object_type = src and not archived;
