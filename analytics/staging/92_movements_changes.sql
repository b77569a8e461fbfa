-- What each contract adds and takes away, on which day: runs says how much of its value is in force, rests how much is paused.
create or replace temp macro movement_events(terms, lapses) as table
  with
  terms as (
    select *, has_pause and pause_starts = starts as starts_paused, has_pause and pause_ends = ends as ends_paused
    from query_table(terms)
  ),
  events as (
    select starts as day, if(starts_paused, 0, 1) as runs, if(starts_paused, 1, 0) as rests, 1 as serves, terms.* from terms
    union all
    select pause_starts, -1, 1, 0, terms.* from terms where has_pause and not starts_paused
    union all
    select pause_ends, 1, -1, 0, terms.* from terms where has_pause and not ends_paused
    union all
    select ends, if(ends_paused, 0, -1), if(ends_paused, -1, 0), -1, terms.* from terms
  )
  select
    events.account_id,
    events.currency,
    events.contract_id,
    events.is_mixed,
    -- What changes during a lapse shows on the day of return.
    coalesce(lapses.lapse_ends, events.day) as day,
    (events.runs * events.mrr)::decimal(18, 4) as mrr,
    (events.runs * coalesce(events.home_mrr, 0))::decimal(18, 4) as home_mrr,
    if(events.home_mrr is null, events.runs, 0) as rateless,
    (events.runs * events.worth)::decimal(18, 4) as worth,
    (events.rests * events.worth)::decimal(18, 4) as paused,
    if(events.is_service, events.serves, 0) as served
  from events
  left join query_table(lapses) lapses
    on lapses.account_id = events.account_id
    and lapses.plan = events.plan
    and events.day >= lapses.lapse_starts
    and events.day < lapses.lapse_ends
  where coalesce(lapses.lapse_ends, events.day) <= movement_horizon();

-- One row for an account, currency and day on which something changed; an account of several currencies has a row for each on every
-- such day, because netting may turn them all.
create or replace temp macro movement_changes(events, lapses) as table
  with
  changes as (
    select * exclude (contract_id) from query_table(events)
    union all by name
    select
      account_id, currency, is_mixed,
      unnest([lapse_starts, lapse_ends]) as day,
      unnest([1, -1]) as lapsed
    from query_table(lapses)
  ),
  several as (
    select days.account_id, currencies.currency, days.day, true as is_mixed
    from (select distinct account_id, day from changes where is_mixed) days
    join (select distinct account_id, currency from changes where is_mixed) currencies using (account_id)
  ),
  summed as (
    select
      account_id,
      currency,
      day,
      bool_or(is_mixed) as is_mixed,
      coalesce(sum(mrr), 0) as mrr,
      coalesce(sum(home_mrr), 0) as home_mrr,
      coalesce(sum(rateless), 0) as rateless,
      coalesce(sum(worth), 0) as worth,
      coalesce(sum(paused), 0) as paused,
      coalesce(sum(served), 0) as served,
      coalesce(sum(lapsed), 0) as lapsed
    from (from changes union all by name from several)
    where day <= movement_horizon()
    group by account_id, currency, day
  )
  select *
  from summed
  -- A renewal at the same price changes nothing.
  where is_mixed or mrr <> 0 or home_mrr <> 0 or rateless <> 0 or paused <> 0 or served <> 0 or lapsed <> 0;
