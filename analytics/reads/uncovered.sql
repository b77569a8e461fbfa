-- The accounts that no rule of the mapping finds a contract of.
select account_id, name, domain, owner, (count(*) over ())::integer as total
from accounts
where contract_source is null
order by lower(name) nulls last, account_id
limit $most;
