-- Imported rows name accounts by the ids of their files, or by HubSpot's ids of companies, merged-away ones too.
create or replace temp macro imported_accounts(t) as table
  with named as (
    select id as raw_id, id as account_id, 1 as rank
    from objects_known(t)
    where object_type = 'companies' and not archived
    union all
    select loser, if((getvariable('book') ->> 'merged') = 'separate', loser, winner), 2
    from merges_known(t)
    where object_type = 'companies'
    union all
    select mapped(properties, 'account_id'), id, 3
    from objects_known(t)
    where object_type = 'import_accounts' and not archived and mapped(properties, 'account_id') is not null
  )
  select raw_id, arg_min(account_id, (rank, account_id)) as account_id
  from named
  group by raw_id;

create or replace temp macro imported_contract_accounts(t) as table
  select mapped(contracts.properties, 'contract_id') as raw_id, min(accounts.account_id) as account_id
  from objects_known(t) contracts
  join imported_accounts(t) accounts on accounts.raw_id = mapped(contracts.properties, 'account_id')
  where contracts.object_type = 'import_contracts' and not contracts.archived
  group by mapped(contracts.properties, 'contract_id');
