-- Companies as known at t, the merged-away ones folded into their survivors.

-- Merged-away ids and who survived, over several merges.
create or replace temp macro merges_known(t) as table
  with recursive direct as (
    select object_type, loser, id as winner
    from (
      select object_type, id, unnest(string_split(mapped(properties, 'hs_merged_object_ids'), ';')) as loser
      from objects_known(t)
      where object_type in ('companies', 'contacts', 'deals', 'tickets')
        and not archived and mapped(properties, 'hs_merged_object_ids') is not null
    )
    where loser <> '' and loser <> id
  ),
  chain as (
    select object_type, loser, winner, 1 as step from direct
    union all
    select chain.object_type, chain.loser, direct.winner, chain.step + 1
    from chain
    join direct on direct.object_type = chain.object_type and direct.loser = chain.winner
    where chain.step < 20
  )
  select object_type, loser, arg_max(winner, step) as winner
  from chain
  group by object_type, loser;

-- The survivor of every merged company; itself for all others is left to the reader (coalesce).
create or replace temp macro stg_companies(t) as table
  with merged as (select loser from merges_known(t) where object_type = 'companies')
  select
    id as account_id,
    'hubspot' as source,
    mapped(properties, 'name') as name,
    mapped(properties, 'domain') as domain,
    mapped(properties, 'hubspot_owner_id') as owner_id,
    mapped(properties, setting('$.accounts.type')) as account_type,
    mapped(properties, setting('$.accounts.flag')) as flag,
    mapped(properties, setting('$.accounts.plan')) as plan,
    mapped(properties, setting('$.accounts.segment')) as segment,
    as_day(mapped(properties, setting('$.accounts.churn_date'))) as churn_date,
    mapped(properties, setting('$.accounts.churn_kind')) as churn_kind,
    mapped(properties, setting('$.accounts.churn_reason')) as churn_reason,
    try_cast(mapped(properties, setting('$.accounts.notice_days')) as integer) as notice_days,
    as_day(mapped(properties, setting('$.accounts.paused_from'))) as paused_from,
    as_day(mapped(properties, setting('$.accounts.paused_to'))) + 1 as paused_to,
    created_at,
    known_from
  from objects_known(t)
  where object_type = 'companies' and not archived
    and (id not in (select loser from merged) or (getvariable('book') ->> 'merged') = 'separate')
  union all
  select
    id,
    'import',
    mapped(properties, 'name'),
    mapped(properties, 'domain'),
    null,
    mapped(properties, 'account_type'),
    mapped(properties, 'churn_flag'),
    mapped(properties, 'plan'),
    mapped(properties, 'industry'),
    as_day(mapped(properties, 'churn_date')),
    null,
    mapped(properties, 'churn_reason'),
    null,
    null,
    null,
    coalesce(try_cast(mapped(properties, 'created_date') as timestamptz), created_at),
    known_from
  from objects_known(t)
  where object_type = 'import_accounts' and not archived;

-- One company for each record: the primary one, else the one with the smallest id; merged ones lead to their survivor.
create or replace temp macro company_of(t, record_type) as table
  with links as (
    select
      from_id,
      to_id,
      -- HubSpot's numbers of the primary company: of a contact, a deal, a ticket
      (category = 'HUBSPOT_DEFINED' and type_id in (1, 5, 26)) as is_primary
    from links_known(t)
    where from_type = record_type and to_type = 'companies'
  ),
  chosen as (
    select from_id, arg_min(to_id, (not is_primary, try_cast(to_id as hugeint))) as company_id, count(distinct to_id) as companies
    from links
    group by from_id
  )
  select chosen.from_id, coalesce(merged.winner, chosen.company_id) as account_id, chosen.companies
  from chosen
  left join (select loser, winner from merges_known(t) where object_type = 'companies') merged
    on merged.loser = chosen.company_id and (getvariable('book') ->> 'merged') <> 'separate';
