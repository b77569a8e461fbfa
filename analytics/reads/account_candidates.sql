-- The records that could have been contracts of one company, with what each rule said.
select source, source_id, verdict, start_date, end_date, mrr::double as mrr, currency
from candidates
where account_id = $company_id
order by start_date nulls last, source, source_id
limit 500;
