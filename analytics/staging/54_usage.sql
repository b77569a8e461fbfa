-- Use of the product: the records of the object that the mapping names, the company's own count of active users, imported rows.
create or replace temp macro stg_usage_records(t) as table
  select
    object_type,
    id,
    as_day(mapped(properties, setting('$.usage.day'))) as day,
    mapped(properties, setting('$.usage.feature')) as feature,
    as_money(mapped(properties, setting('$.usage.count'))) as count,
    try_cast(mapped(properties, setting('$.usage.active_users')) as bigint) as active_users
  from live_records(t, [setting('$.usage.object_type')]);

create or replace temp macro stg_active_users(t) as table
  select
    id as account_id,
    portal_day(updated_at) as day,
    try_cast(mapped(properties, setting('$.accounts.monthly_active_users')) as bigint) as active_users
  from live_records(t, ['companies'])
  where mapped(properties, setting('$.accounts.monthly_active_users')) is not null
    and id not in (select loser from merges_known(t) where object_type = 'companies');

create or replace temp macro stg_imported_usage(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    mapped(properties, 'contract_id') as raw_contract_id,
    as_day(mapped(properties, 'day')) as day,
    mapped(properties, 'feature') as feature,
    as_money(mapped(properties, 'count')) as count
  from live_records(t, ['import_usage']);
