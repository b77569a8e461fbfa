-- Use of the product: the records of the object that the mapping names, the company's own count of active users, imported rows, and rows
-- that a program sent.
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

-- What a program may call an account: HubSpot's id of the company, also one that was merged away, or the id of an imported account with
-- or without its section.
create or replace temp macro account_names(t) as table
  with
  companies as (
    select id, id as account_id
    from live_records(t, ['companies'])
  ),
  merged as (
    select loser, winner
    from merges_known(t)
    where object_type = 'companies' and (getvariable('book') ->> 'merged') is distinct from 'separate'
  )
  select raw_id, arg_min(account_id, (rank, account_id)) as account_id
  from (
    select loser as raw_id, winner as account_id, 1 as rank
    from merged
    semi join companies on companies.id = merged.winner
    union all
    select id, account_id, 2 from companies
    union all
    select id, id, 3 from live_records(t, ['import_accounts'])
    union all
    select raw_id, account_id, 4 from imported_accounts(t)
  )
  group by raw_id;

create or replace temp macro stg_sent_usage(t) as table
  select
    sent.id,
    mapped(sent.properties, 'account_id') as raw_account_id,
    names.account_id,
    as_day(mapped(sent.properties, 'day')) as day,
    mapped(sent.properties, 'feature') as feature,
    as_money(mapped(sent.properties, 'count')) as count,
    try_cast(mapped(sent.properties, 'active_users') as bigint) as active_users
  from live_records(t, ['sent_usage']) sent
  left join account_names(t) names on names.raw_id = mapped(sent.properties, 'account_id');
