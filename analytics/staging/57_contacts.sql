-- People: contacts with what the mapping says of them, renamed and cast; merged-away ones left out.
create or replace temp macro stg_contacts(t) as table
  select
    id as contact_id,
    nullif(trim(coalesce(mapped(properties, 'firstname'), '') || ' ' || coalesce(mapped(properties, 'lastname'), '')), '') as name,
    mapped(properties, setting('$.contacts.title')) as title,
    upper(mapped(properties, setting('$.contacts.role'))) as role,
    coalesce(
      list_contains(
        from_json(getvariable('mapping') -> '$.contacts.left_values', '["VARCHAR"]'),
        mapped(properties, setting('$.contacts.left'))
      ),
      false
    ) as has_left,
    as_day(mapped(properties, setting('$.contacts.last_survey_sent'))) as survey_sent_on
  from live_records(t, ['contacts'])
  where id not in (select loser from merges_known(t) where object_type = 'contacts');

-- How many seats an account pays for, as the mapping's property says.
create or replace temp macro stg_seats(t) as table
  select id as account_id, try_cast(mapped(properties, setting('$.accounts.seats')) as integer) as seats
  from live_records(t, ['companies'])
  where mapped(properties, setting('$.accounts.seats')) is not null;
