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
  with
  merged as (
    select loser from merges_known(t) where object_type = 'companies'
  ),
  companies as (
    select id, properties, created_at, known_from
    from objects_known(t)
    where object_type = 'companies' and not archived
      and (id not in (select loser from merged) or (getvariable('book') ->> 'merged') = 'separate')
    union all
    -- Apart from its survivor a merged-away company stands as it was last known; HubSpot has it no longer.
    select id, arg_max(properties, known_from), arg_max(created_at, known_from), max(known_from)
    from mirror.object_versions
    where (getvariable('book') ->> 'merged') = 'separate'
      and object_type = 'companies' and known_from <= t
      and id in (select loser from merged)
      and id not in (select id from objects_known(t) where object_type = 'companies' and not archived)
    group by id
  ),
  imported as (
    select id, properties, created_at, known_from
    from objects_known(t)
    where object_type = 'import_accounts' and not archived
    -- several files may name one account
    qualify row_number() over (partition by coalesce(mapped(properties, 'account_id'), id) order by id) = 1
  )
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
    null::boolean as is_flagged_lost,
    created_at,
    known_from
  from companies
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
    as_yes(mapped(properties, 'churn_flag')),
    coalesce(try_cast(mapped(properties, 'created_date') as timestamptz), created_at),
    known_from
  from imported;

-- One company for each record: the primary one, else the one with the smallest id; merged ones lead to their survivor. Where they are to
-- stay apart, a record stays with the merged-away company that it was linked to before the merge, as far as that was ever seen.
create or replace temp macro company_of(t, record_type) as table
  with
  links as (
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
  ),
  merges as (
    select loser, winner from merges_known(t) where object_type = 'companies'
  ),
  before as (
    select links.from_id, merges.winner, arg_max(links.to_id, (links.known_from, links.to_id)) as loser
    from mirror.association_versions links
    join merges on merges.loser = links.to_id
    where (getvariable('book') ->> 'merged') = 'separate'
      and links.from_type = record_type and links.to_type = 'companies' and links.known_from <= t
    group by links.from_id, merges.winner
  )
  select
    chosen.from_id,
    if((getvariable('book') ->> 'merged') = 'separate', coalesce(before.loser, chosen.company_id), coalesce(merges.winner, chosen.company_id)) as account_id,
    chosen.companies
  from chosen
  left join merges on merges.loser = chosen.company_id
  left join before on before.from_id = chosen.from_id and before.winner = chosen.company_id;

-- The account that another one is counted with when the unit is the parent: the uppermost parent, by HubSpot's links between companies
-- (13 parent to child, 14 child to parent) and the parent that an imported account names. Parents in a circle lead nowhere.
create or replace temp macro stg_units(t) as table
  with recursive
  counted as (
    select account_id
    from stg_companies(t)
    where account_type is null
      or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
  ),
  named as (
    select from_id as child, to_id as parent
    from links_known(t)
    where from_type = 'companies' and to_type = 'companies' and category = 'HUBSPOT_DEFINED' and type_id = 14
    union all
    select to_id, from_id
    from links_known(t)
    where from_type = 'companies' and to_type = 'companies' and category = 'HUBSPOT_DEFINED' and type_id = 13
    union all
    select children.id, parents.id
    from objects_known(t) children
    join objects_known(t) parents
      on parents.object_type = 'import_accounts' and not parents.archived
      and mapped(parents.properties, 'account_id') = mapped(children.properties, 'parent_id')
    where children.object_type = 'import_accounts' and not children.archived
  ),
  folded as (
    select coalesce(child.winner, named.child) as child, coalesce(parent.winner, named.parent) as parent
    from named
    left join merges_known(t) child
      on child.object_type = 'companies' and child.loser = named.child and (getvariable('book') ->> 'merged') <> 'separate'
    left join merges_known(t) parent
      on parent.object_type = 'companies' and parent.loser = named.parent and (getvariable('book') ->> 'merged') <> 'separate'
    where (getvariable('book') ->> 'unit') = 'parent'
  ),
  direct as (
    select child, arg_min(parent, (try_cast(parent as hugeint), parent)) as parent
    from folded
    where child <> parent and child in (from counted) and parent in (from counted)
    group by child
  ),
  chain as (
    select child, parent, 1 as step from direct
    union all
    select chain.child, direct.parent, chain.step + 1
    from chain
    join direct on direct.child = chain.parent
    where chain.step < 20
  )
  select child as account_id, arg_max(parent, step) as unit_id
  from chain
  group by child
  having max(step) < 20;

-- Which kind of record an account is: a company of HubSpot, whose id is a number, or a row of a file.
create or replace temp macro record_of(account_id) as if(try_cast(account_id as hugeint) is null, 'import', 'companies');
