-- Company list: every company that the mirror knows or has known, with what a person needs to find it and what became of it.
-- Counts   one row a company of HubSpot, live or not, and one an imported account. Whoever lists companies takes `live` and `imported`.
-- Excludes nothing.
-- NULL     a value that nobody holds; most of them for a company that was merged away before the first sync.
-- @company_id HubSpot's id, or section and id of an imported account
-- @name the company's name
-- @domain its web domain
-- @lifecycle_stage HubSpot's lifecycle stage, as stored
-- @owner the owner's name, deactivated owners included
-- @created_at when the record was created
-- @updated_at when the record was last modified
-- @state live; imported; archived (in the recycle bin); merged (into another one); gone (HubSpot lists it no more)
-- @merged_into the company that lives on, where it was merged
-- @ended_at when it was archived, or when we learned that it is gone or merged
-- @account_type the kind of account, as mapped
-- @is_excluded the mapping leaves this kind of account out
with
merges as (
  select loser, winner
  from merges_known(getvariable('known_at'))
  where object_type = 'companies'
),
-- The survivor of these may be in the recycle bin or gone itself, and names them no longer.
stones as (
  select id, reason, lives_on_in
  from tombstones_known(getvariable('known_at'))
  where object_type = 'companies'
),
present as (
  select
    object_type,
    id,
    created_at,
    updated_at,
    properties,
    case
      when object_type = 'import_accounts' then 'imported'
      when archived then 'archived'
      when (getvariable('book') ->> 'merged') is distinct from 'separate' and id in (select loser from merges) then 'merged'
      else 'live'
    end as state,
    if(archived, archived_at, null) as ended_at
  from objects_known(getvariable('known_at'))
  where object_type in ('companies', 'import_accounts')
),
-- The last version of what is no more: its name is how people look for it.
closed as (
  select
    'companies' as object_type,
    id,
    created_at,
    updated_at,
    properties,
    if(id in (select loser from merges union all select id from stones where reason = 'merged'), 'merged', 'gone') as state,
    known_to as ended_at
  from mirror.object_versions
  where object_type = 'companies' and known_to <= getvariable('known_at')
    and id not in (select id from present where object_type = 'companies')
  qualify row_number() over (partition by id order by known_to desc, known_from desc) = 1
),
never_seen as (
  select 'companies' as object_type, loser as id, null as created_at, null as updated_at, '{}'::json as properties, 'merged' as state, null as ended_at
  from merges
  where loser not in (select id from present) and loser not in (select id from closed)
),
companies as (
  from present
  union all by name
  from closed
  union all by name
  from never_seen
),
owners as (
  select id, trim((document ->> 'firstName') || ' ' || (document ->> 'lastName')) as name
  from definitions_known(getvariable('known_at'))
  where kind = 'owner'
),
typed as (
  select
    *,
    mapped(properties, if(state = 'imported', 'account_type', setting('$.accounts.type'))) as account_type
  from companies
)
select
  typed.id as company_id,
  typed.properties ->> 'name' as name,
  typed.properties ->> 'domain' as domain,
  typed.properties ->> 'lifecyclestage' as lifecycle_stage,
  nullif(owners.name, '') as owner,
  typed.created_at,
  typed.updated_at,
  typed.state,
  if(typed.state = 'merged', coalesce(merges.winner, stones.lives_on_in), null) as merged_into,
  typed.ended_at,
  typed.account_type,
  coalesce(
    list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), typed.account_type),
    false
  ) as is_excluded
from typed
left join owners on owners.id = (typed.properties ->> 'hubspot_owner_id')
left join merges on merges.loser = typed.id
left join stones on stones.id = typed.id
order by lower(typed.properties ->> 'name') nulls last, try_cast(typed.id as hugeint), typed.id;
