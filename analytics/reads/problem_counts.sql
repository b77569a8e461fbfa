-- How many data problems of each kind there are, and what value a month hangs on them.
select problem, count(*)::integer as findings, sum(home_mrr)::double as home_mrr
from (
  select problem, home_mrr from problems
  union all
  select problem, home_mrr from usage_problems
)
group by problem
order by findings desc, problem;
