-- One page of the company list: those whose name, domain or owner holds the words, in the asked order.
with
found as (
  select *
  from company_list
  where state in ('live', 'imported')
    and (
      $words = ''
      or contains(lower(coalesce(name, '')), lower($words))
      or contains(lower(coalesce(domain, '')), lower($words))
      or contains(lower(coalesce(owner, '')), lower($words))
      or company_id = $words
    )
)
select
  company_id,
  name,
  domain,
  lifecycle_stage,
  owner,
  created_at,
  updated_at,
  (count(*) over ())::integer as total
from found
order by
  case when $sort = 'name' then lower(name) end nulls last,
  case when $sort = 'owner' then lower(owner) end nulls last,
  case when $sort = 'stage' then lifecycle_stage end nulls last,
  case when $sort = 'updated' then updated_at end desc nulls last,
  try_cast(company_id as hugeint),
  company_id
limit $page_size offset $first_row;
