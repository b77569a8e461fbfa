-- What the account of a record of activity is found with (analytics/marts/_record_accounts.sql), and what all records of activity share.

-- A moment: with an offset as it stands, in milliseconds, or else as the portal's clock showed it.
create or replace temp macro as_moment(value) as
  case
    when regexp_matches(value, ':\d{2}.*([zZ]|[+-]\d{2}(:?\d{2})?)$') then try_cast(value as timestamptz)
    when regexp_full_match(value, '-?\d{11,14}') then epoch_ms(try_cast(value as bigint)) at time zone 'UTC'
    else try_cast(value as timestamp) at time zone getvariable('time_zone')
  end;

create or replace temp macro portal_day(moment) as (moment at time zone getvariable('time_zone'))::date;

-- A rank and HubSpot's id as one number: the smallest is the best rank, then the smallest id. Aggregates over numbers spill to disk when
-- memory runs out, those over pairs and texts do not.
create or replace temp macro ranked(rank, id) as rank::hugeint * 18446744073709551616 + try_cast(id as ubigint);
create or replace temp macro rank_of(number) as number // 18446744073709551616;
create or replace temp macro id_of(number) as (number % 18446744073709551616)::varchar;

-- Links of activity, contacts, deals and tickets to records of one type; for answers to surveys what their own property says where no
-- link does.
create or replace temp macro activity_links(t, target, feedback_property) as table
  select
    from_type,
    from_id,
    to_id,
    -- HubSpot's numbers of the primary company: of a contact, a deal, a ticket
    (category = 'HUBSPOT_DEFINED' and type_id in (1, 5, 26)) as is_primary
  from links_known(t)
  where to_type = target and from_type not in ('companies', 'line_items', 'subscriptions')
  union all
  select answers.object_type, answers.id, mapped(answers.properties, feedback_property), false
  from objects_known(t) answers
  anti join (
    select from_id
    from links_known(t)
    where from_type = 'feedback_submissions' and to_type = target
  ) linked on linked.from_id = answers.id
  where answers.object_type = 'feedback_submissions' and mapped(answers.properties, feedback_property) is not null;

-- The same as live records see it: merged-away ends led to their survivor, archived ones left out.
create or replace temp macro live_links(t, target, feedback_property) as table
  select links.from_type, links.from_id, coalesce(folded.winner, links.to_id) as to_id, links.is_primary
  from activity_links(t, target, feedback_property) links
  left join (
    select loser, winner
    from merges_known(t)
    where object_type = target and (target <> 'companies' or (getvariable('book') ->> 'merged') is distinct from 'separate')
  ) folded on folded.loser = links.to_id
  semi join (
    select id from objects_known(t) where object_type = target and not archived
  ) live on live.id = coalesce(folded.winner, links.to_id);

create or replace temp macro live_records(t, types) as table
  select object_type, id, created_at, updated_at, properties
  from objects_known(t)
  where list_contains(types, object_type) and not archived;
