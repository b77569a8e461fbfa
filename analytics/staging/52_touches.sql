-- Mails, calls, meetings, notes and tasks, renamed and cast.
create or replace temp macro stg_engagements(t) as table
  select
    object_type,
    id,
    case object_type
      when 'emails' then 'email'
      when 'calls' then 'call'
      when 'meetings' then 'meeting'
      when 'notes' then 'note'
      when 'tasks' then 'task'
    end as type,
    coalesce(
      case object_type
        when 'meetings' then as_moment(field.hs_meeting_start_time)
        when 'tasks' then as_moment(field.hs_task_completion_date)
      end,
      as_moment(field.hs_timestamp),
      created_at
    ) as touched_at,
    case object_type
      when 'emails' then upper(field.hs_email_direction)
      when 'calls' then upper(field.hs_call_direction)
    end as raw_direction,
    case object_type
      when 'calls' then upper(field.hs_call_status)
      when 'meetings' then upper(field.hs_meeting_outcome)
    end as outcome,
    case object_type
      when 'calls' then lower(nullif(field.hs_call_disposition, ''))
    end as disposition,
    nullif(field.hubspot_owner_id, '') as owner_id,
    field.hs_object_source_id as written_by
  from (
    select
      object_type,
      id,
      created_at,
      -- mails are many and long: their text is read once for all fields
      from_json(
        properties,
        '{"hs_timestamp": "VARCHAR", "hs_meeting_start_time": "VARCHAR", "hs_task_completion_date": "VARCHAR",
          "hs_email_direction": "VARCHAR", "hs_call_direction": "VARCHAR", "hs_call_status": "VARCHAR",
          "hs_call_disposition": "VARCHAR", "hs_meeting_outcome": "VARCHAR", "hubspot_owner_id": "VARCHAR",
          "hs_object_source_id": "VARCHAR"}'
      ) as field
    from live_records(t, ['emails', 'calls', 'meetings', 'notes', 'tasks'])
  );

create or replace temp macro stg_imported_touches(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    as_moment(mapped(properties, 'at')) as touched_at,
    lower(mapped(properties, 'type')) as type,
    upper(mapped(properties, 'direction')) as raw_direction,
    mapped(properties, 'by') as owner_id
  from live_records(t, ['import_touches']);
