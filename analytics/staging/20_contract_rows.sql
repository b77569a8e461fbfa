-- The rows that may be contracts, as each source holds them: renamed and cast, nothing decided. `src` is the record type and the
-- mapping's section at once; imported rows carry the canonical names themselves.
create or replace temp macro field(src, name) as (getvariable('mapping') ->> ('$.contracts.' || src || '.' || name));

create or replace temp macro mapped_list(src, name) as from_json(coalesce(getvariable('mapping') -> ('$.contracts.' || src || '.' || name), '[]'::json), '["VARCHAR"]');

-- What HubSpot calls the property that names a record of the source: the product of a line item, the deal, the subscription.
create or replace temp macro name_property(src) as case src when 'deals' then 'dealname' when 'line_items' then 'name' when 'subscriptions' then 'hs_name' else ' ' end;

-- Every property that the mapping names for a source, as a shape that a record's text is read with once; a blank stands for no name.
create or replace temp macro contract_shape(src) as
  '{"' || array_to_string(list_distinct([
    ' ', name_property(src), field(src, 'start'), field(src, 'end'), field(src, 'service_end'), field(src, 'notice_date'), field(src, 'notice_days'),
    field(src, 'auto_renew'), field(src, 'mrr'), field(src, 'arr'), field(src, 'amount'), field(src, 'frequency'), field(src, 'term_months'),
    field(src, 'currency'), field(src, 'rate'), field(src, 'line'), field(src, 'kind'), field(src, 'won'), field(src, 'pipeline'),
    field(src, 'trial'), field(src, 'paused_from'), field(src, 'paused_to'), field(src, 'churn_date'), field(src, 'churn_kind'),
    field(src, 'churn_reason')
  ]), '":"VARCHAR","') || '":"VARCHAR"}';
create or replace temp macro value_of(shaped, src, name) as nullif(struct_extract(shaped, coalesce(field(src, name), ' ')), '');

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
  (lower(value) = kind or list_contains(mapped_list(src, 'kinds.' || kind), value));

create or replace temp macro stg_contract_rows(t, src) as table
  with
  read as (
    select id, created_at, from_json(properties, contract_shape(src)) as shaped
    from objects_known(t)
    where object_type = src and not archived
  ),
  named as (
    select
      id,
      created_at,
      nullif(trim(struct_extract(shaped, name_property(src))), '') as name,
      value_of(shaped, src, 'start') as "start",
      value_of(shaped, src, 'end') as "end",
      value_of(shaped, src, 'service_end') as service_end,
      value_of(shaped, src, 'notice_date') as notice_date,
      value_of(shaped, src, 'notice_days') as notice_days,
      value_of(shaped, src, 'auto_renew') as auto_renew,
      value_of(shaped, src, 'mrr') as mrr,
      value_of(shaped, src, 'arr') as arr,
      value_of(shaped, src, 'amount') as amount,
      value_of(shaped, src, 'frequency') as frequency,
      value_of(shaped, src, 'term_months') as term_months,
      value_of(shaped, src, 'currency') as currency,
      value_of(shaped, src, 'rate') as rate,
      value_of(shaped, src, 'line') as line,
      value_of(shaped, src, 'kind') as kind,
      value_of(shaped, src, 'won') as won,
      value_of(shaped, src, 'pipeline') as pipeline,
      value_of(shaped, src, 'trial') as trial,
      value_of(shaped, src, 'paused_from') as paused_from,
      value_of(shaped, src, 'paused_to') as paused_to,
      value_of(shaped, src, 'churn_date') as churn_date,
      value_of(shaped, src, 'churn_kind') as churn_kind,
      value_of(shaped, src, 'churn_reason') as churn_reason
    from read
  )
  select
    src as source,
    id as source_id,
    name,
    as_day("start") as start_date,
    as_day("end") + (case when field(src, 'end_is') = 'last_day' then 1 else 0 end) as end_date,
    as_day(service_end) as service_end_date,
    as_day(notice_date) as notice_date,
    try_cast(notice_days as integer) as notice_days,
    as_yes(auto_renew) as auto_renew,
    (field(src, 'open_ended') = 'true') as open_ended,
    as_money(mrr) as mrr,
    as_money(arr) as arr,
    as_money(amount) as amount,
    field(src, 'frequency') is not null as has_frequency,
    months_of_frequency(frequency) as frequency_months,
    months_of(term_months) as term_months,
    upper(currency) as currency,
    try_cast(rate as decimal(18, 8)) as rate,
    line,
    case
      when is_kind(src, kind, 'renewal') then 'renewal'
      when is_kind(src, kind, 'expansion') then 'expansion'
      when is_kind(src, kind, 'return') then 'return'
      when is_kind(src, kind, 'new') then 'new'
    end as kind,
    field(src, 'won') is null or list_contains(mapped_list(src, 'won_values'), won) as is_won,
    len(mapped_list(src, 'pipelines')) = 0 or list_contains(mapped_list(src, 'pipelines'), pipeline) as is_in_pipeline,
    list_contains(mapped_list(src, 'trial_values'), trial) as is_trial,
    as_day(paused_from) as paused_from,
    -- the mapping names the last day of the pause
    as_day(paused_to) + 1 as paused_to,
    as_day(churn_date) as churn_date,
    churn_kind,
    churn_reason,
    created_at as recorded_at
  from named;

-- Where a value of a contract is from, as `type.property`; imported rows carry the canonical names.
create or replace temp macro property_of(src, name, canonical) as
  if(src = 'import', 'import.' || canonical, src || '.' || (getvariable('mapping') ->> ('$.contracts.' || src || '.' || name)));

create or replace temp macro is_paused_in_service(pause_start, pause_end, starts, ends) as
  pause_start < coalesce(ends, date '9999-12-31') and coalesce(pause_end, date '9999-12-31') > starts;

-- Length of the term in months: as its dates say, else as recorded; none where neither says it.
create or replace temp macro recorded_months(start_date, end_date, term_months) as
  case
    when end_date > start_date then greatest(1, round(date_diff('day', start_date, end_date) / 30.4375))::integer
    when term_months between 1 and 1200 then term_months
  end;
-- Goes on without an end.
create or replace temp macro is_endless(open_ended, end_date, term_months) as coalesce(open_ended, false) and end_date is null and term_months is null;

-- An amount a month that can be true; a phone number in the wrong field must not break the sums of everybody.
create or replace temp macro possible_money(amount) as try_cast(if(abs(amount) < 1e11, amount, null) as decimal(18, 4));

-- Value a month, rounded once: recorded, else of a year, else of a billing period, else of the whole term, which is twelve months where nothing
-- says how long it is.
create or replace temp macro monthly_value(mrr, arr, amount, has_frequency, frequency_months, start_date, end_date, term_months) as
  possible_money(
    coalesce(
      mrr,
      arr / 12,
      if(has_frequency, amount / frequency_months, amount / coalesce(recorded_months(start_date, end_date, term_months), 12))
    )
  );

-- Whether the end that a source records is the last day of service.
create or replace temp macro ends_on_last_day(src) as
  case src
    when 'subscriptions' then field('subscriptions', 'end_is')
    when 'line_items' then field('line_items', 'end_is')
    when 'deals' then field('deals', 'end_is')
    when 'companies' then field('companies', 'end_is')
  end = 'last_day';
