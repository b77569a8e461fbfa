-- Tickets, the stages of their pipelines and imported rows, renamed and cast.
create or replace temp macro stg_tickets(t) as table
  select
    object_type,
    id,
    coalesce(as_moment(mapped(properties, 'createdate')), created_at) as opened_at,
    as_moment(mapped(properties, 'closed_date')) as closed_at,
    as_yes(mapped(properties, 'hs_is_closed')) as is_closed,
    mapped(properties, 'hs_pipeline') as pipeline_id,
    mapped(properties, 'hs_pipeline_stage') as stage_id,
    nullif(trim(mapped(properties, 'subject')), '') as subject,
    lower(mapped(properties, coalesce(setting('$.tickets.priority'), 'hs_ticket_priority'))) as priority,
    mapped(properties, coalesce(setting('$.tickets.category'), 'hs_ticket_category')) as category,
    try_cast(mapped(properties, 'time_to_first_agent_reply') as double) as first_reply_ms,
    try_cast(mapped(properties, setting('$.tickets.satisfaction')) as double) as satisfaction
  from live_records(t, ['tickets'])
  -- a merged-away ticket is told by its survivor
  where id not in (select loser from merges_known(t) where object_type = 'tickets');

create or replace temp macro stg_ticket_stages(t) as table
  select
    pipeline_id,
    stage ->> 'id' as stage_id,
    stage ->> 'label' as label,
    ((stage -> 'metadata') ->> 'ticketState') = 'CLOSED' as is_closed
  from (
    select id as pipeline_id, unnest(from_json(document -> 'stages', '["JSON"]')) as stage
    from definitions_known(t)
    where kind = 'pipeline' and object_type = 'tickets'
  );

create or replace temp macro stg_imported_tickets(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    as_moment(mapped(properties, 'opened_at')) as opened_at,
    as_moment(mapped(properties, 'closed_at')) as closed_at,
    lower(mapped(properties, 'priority')) as priority,
    mapped(properties, 'category') as category,
    try_cast(mapped(properties, 'first_reply_minutes') as double) as first_reply_minutes,
    try_cast(mapped(properties, 'satisfaction') as double) as satisfaction
  from live_records(t, ['import_tickets']);
