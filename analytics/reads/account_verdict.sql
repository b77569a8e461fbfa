-- What is known of one company, of HubSpot or imported: what became of it, whether it is an account and what it is called.
select
  company.company_id,
  company.name,
  company.lifecycle_stage,
  company.state,
  company.merged_into,
  survivor.name as merged_into_name,
  company.ended_at,
  company.account_type,
  company.is_excluded,
  accounts.status,
  accounts.contract_source,
  accounts.home_mrr::double as home_mrr
from company_list company
left join company_list survivor on survivor.company_id = company.merged_into
left join accounts on accounts.account_id = company.company_id
where company.company_id = $company_id;
