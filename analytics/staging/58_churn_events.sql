-- What imported files say of accounts that left: evidence, and the rule only where the book's churn_source names it.
create or replace temp macro stg_churn_events(t) as table
  select
    events.id as event_id,
    accounts.account_id,
    as_day(mapped(events.properties, 'date')) as day
  from live_records(t, ['import_events']) events
  join imported_accounts(t) accounts on accounts.raw_id = mapped(events.properties, 'account_id')
  where mapped(events.properties, 'type') = 'churn';
