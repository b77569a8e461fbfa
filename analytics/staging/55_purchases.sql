-- Purchases from imported files, renamed and cast.
create or replace temp macro stg_imported_purchases(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    as_day(mapped(properties, 'day')) as day,
    as_money(mapped(properties, 'amount')) as amount,
    upper(mapped(properties, 'currency')) as currency,
    as_money(mapped(properties, 'units')) as units
  from live_records(t, ['import_purchases']);
