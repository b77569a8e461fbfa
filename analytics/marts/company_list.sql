-- Company list: every live company with what a person needs to find it.
-- Counts   companies that are not archived.
-- Excludes archived companies.
-- NULL     a value that HubSpot does not hold.
-- @company_id HubSpot's id
-- @name the company's name
-- @domain its web domain
-- @lifecycle_stage HubSpot's lifecycle stage, as stored
-- @owner the owner's name, deactivated owners included
-- @created_at when the record was created
-- @updated_at when the record was last modified
with
companies as (
  select id, created_at, updated_at, properties
  from objects_known(getvariable('known_at'))
  where object_type = 'companies' and not archived
),
owners as (
  select id, trim((document ->> 'firstName') || ' ' || (document ->> 'lastName')) as name
  from definitions_known(getvariable('known_at'))
  where kind = 'owner'
)
select
  companies.id as company_id,
  companies.properties ->> 'name' as name,
  companies.properties ->> 'domain' as domain,
  companies.properties ->> 'lifecyclestage' as lifecycle_stage,
  nullif(owners.name, '') as owner,
  companies.created_at,
  companies.updated_at
from companies
left join owners on owners.id = (companies.properties ->> 'hubspot_owner_id')
order by lower(companies.properties ->> 'name') nulls last, try_cast(company_id as hugeint);
