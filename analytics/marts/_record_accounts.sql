-- The account of each record of activity, what led there, and its contacts; kept while the marts are built and not published.
-- A record's account is the company it is linked to: the primary one, then the one that most of its contacts belong to, then the smallest
-- id. Without one it is its contacts' primary company; then the account of its ticket; then of its deal. Links to archived records are not
-- followed, as HubSpot lists none; merged-away records lead to their survivor.
-- Counts   records with a link to something live.
-- NULL     account_id and via where no link leads to a company; contact_id without a contact.
with
company_links as (
  select from_type, from_id, to_id as company_id, is_primary
  from live_links(getvariable('known_at'), 'companies', null)
),
contact_links as (
  -- once for each contact: a merged one may be linked twice
  select distinct from_type, from_id, to_id as contact_id
  from live_links(getvariable('known_at'), 'contacts', 'hs_contact_id')
),
people as (
  select from_id as contact_id, id_of(min(ranked((not is_primary)::integer, company_id))) as company_id
  from company_links
  where from_type = 'contacts'
  group by from_id
),
candidates as (
  select from_type, from_id, company_id, true as is_direct, is_primary, null as contact_id
  from company_links
  where from_type <> 'contacts'
  union all
  select links.from_type, links.from_id, people.company_id, false, false, links.contact_id
  from contact_links links
  left join people on people.contact_id = links.contact_id
),
weighed as (
  select
    from_type,
    from_id,
    company_id,
    bool_or(is_direct) as is_direct,
    bool_or(is_primary) as is_primary,
    count(contact_id) as contacts,
    min(ranked(0, contact_id)) as contact
  from candidates
  group by from_type, from_id, company_id
),
found as materialized (
  select
    from_type,
    from_id,
    -- first by what leads there, then primary, then by contacts (999 are as good as more), then by id
    min(ranked((not is_direct)::integer * 2000 + (not is_primary)::integer * 1000 + 999 - least(contacts, 999), company_id)) as best,
    min(contact) as contact,
    sum(contacts)::integer as contact_count
  from weighed
  group by from_type, from_id
),
detours as (
  select from_type, from_id, 'tickets' as over, to_id
  from live_links(getvariable('known_at'), 'tickets', 'hs_ticket_id')
  union all
  select from_type, from_id, 'deals', to_id
  from live_links(getvariable('known_at'), 'deals', null)
),
over_others as (
  select
    detours.from_type,
    detours.from_id,
    min(ranked((detours.over = 'deals')::integer, detours.to_id)) as nearest
  from detours
  join found on found.from_type = detours.over and found.from_id = detours.to_id and found.best is not null
  anti join (select from_type, from_id from found where best is not null) settled
    on settled.from_type = detours.from_type and settled.from_id = detours.from_id
  group by detours.from_type, detours.from_id
)
select
  coalesce(found.from_type, over_others.from_type) as object_type,
  coalesce(found.from_id, over_others.from_id) as id,
  coalesce(id_of(found.best), id_of(other.best)) as account_id,
  case
    when rank_of(found.best) < 2000 then 'company'
    when found.best is not null then 'contact'
    when rank_of(over_others.nearest) = 0 then 'ticket'
    when over_others.nearest is not null then 'deal'
  end as via,
  id_of(found.contact) as contact_id,
  coalesce(found.contact_count, 0) as contact_count
from found
full join over_others on over_others.from_type = found.from_type and over_others.from_id = found.from_id
left join found other
  on other.from_type = if(rank_of(over_others.nearest) = 0, 'tickets', 'deals') and other.from_id = id_of(over_others.nearest)
