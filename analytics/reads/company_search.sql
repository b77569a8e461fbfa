-- The companies, of every state, whose name, domain or id holds the words; exact hits first.
with
wanted as (
  select strip_accents(lower($words)) as words
),
named as (
  select
    *,
    strip_accents(lower(coalesce(name, ''))) as plain_name,
    strip_accents(lower(coalesce(domain, ''))) as plain_domain
  from company_list
)
select
  company_id,
  name,
  domain,
  state,
  is_excluded,
  status,
  (count(*) over ())::integer as total
from named
cross join wanted
left join (select account_id, status from accounts) accounts on accounts.account_id = named.company_id
where contains(plain_name, words) or contains(plain_domain, words) or contains(lower(company_id), words)
order by
  not (plain_name = words or plain_domain = words),
  state not in ('live', 'imported'),
  plain_name,
  try_cast(company_id as hugeint),
  company_id
limit $most;
