-- One page of the data problems of a kind (or of all), those with the most value first.
with
found as (
  from problems
  union all by name
  from usage_problems
)
select
  problems.problem,
  problems.account_id,
  coalesce(accounts.name, company_list.name) as account,
  problems.record_type,
  problems.record_id,
  problems.evidence,
  problems.home_mrr::double as home_mrr,
  (count(*) over ())::integer as total
from found problems
left join accounts on accounts.account_id = problems.account_id
left join company_list on company_list.company_id = problems.account_id
where $problem = '' or problems.problem = $problem
order by problems.home_mrr desc nulls last, problems.problem, problems.account_id nulls last, problems.record_id
limit $page_size offset $first_row;
