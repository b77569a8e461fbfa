-- How many accounts each source of contracts covers, and how many more it could, where a source before it already does.
with
covered as (
  select contract_source as source, count(*)::integer as accounts
  from accounts
  where contract_source is not null
  group by contract_source
),
behind as (
  select source, count(distinct account_id)::integer as accounts
  from candidates
  where verdict = 'other_source_first' and account_id is not null
  group by source
)
select
  coalesce(covered.source, behind.source) as source,
  coalesce(covered.accounts, 0) as accounts,
  coalesce(behind.accounts, 0) as behind
from covered
full join behind on behind.source = covered.source
order by accounts desc, source;
