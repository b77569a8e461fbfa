-- What is known of one company, of HubSpot or imported: whether it is an account, what it is called, and the records that lead to it.
select
  coalesce(company_list.company_id, accounts.account_id) as company_id,
  coalesce(company_list.name, accounts.name) as name,
  company_list.lifecycle_stage,
  accounts.status,
  accounts.contract_source,
  accounts.home_mrr::double as home_mrr
from company_list
full join accounts on accounts.account_id = company_list.company_id
where coalesce(company_list.company_id, accounts.account_id) = $company_id;
