-- Answers to surveys: HubSpot's feedback submissions and imported rows, renamed and cast.
create or replace temp macro stg_feedback(t) as table
  select
    object_type,
    id,
    mapped(properties, 'hs_contact_id') as raw_contact_id,
    upper(mapped(properties, coalesce(setting('$.responses.type'), 'hs_survey_type'))) as survey_type,
    try_cast(mapped(properties, coalesce(setting('$.responses.score'), 'hs_value')) as double) as raw_score,
    mapped(properties, coalesce(setting('$.responses.text'), 'hs_content')) is not null as text_present,
    coalesce(
      as_moment(mapped(properties, coalesce(setting('$.responses.at'), 'hs_submission_timestamp'))),
      created_at
    ) as answered_at
  from live_records(t, ['feedback_submissions']);

create or replace temp macro stg_imported_responses(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    mapped(properties, 'contact_id') as contact_id,
    upper(mapped(properties, 'type')) as survey_type,
    try_cast(mapped(properties, 'score') as double) as raw_score,
    try_cast(mapped(properties, 'min') as double) as scale_min,
    try_cast(mapped(properties, 'max') as double) as scale_max,
    mapped(properties, 'text') is not null as text_present,
    as_moment(mapped(properties, 'at')) as answered_at
  from live_records(t, ['import_responses']);
