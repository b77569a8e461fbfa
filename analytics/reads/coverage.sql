-- How many accounts each source of contracts covers; those that none covers last, with a few of their names.
select
  contract_source,
  count(*)::integer as accounts,
  array_to_string((array_agg(coalesce(name, 'without a name') || ' (' || account_id || ')' order by account_id))[1:5], ', ') as examples
from accounts
group by contract_source
order by contract_source is null, accounts desc, contract_source;
