-- Every contract of one account, the newest first, with the rule that gave each value.
select
  contract_id,
  source as record_type,
  source_id as record_id,
  name,
  kind,
  line,
  is_trial,
  start_date,
  end_date,
  service_end_date,
  notice_deadline,
  auto_renew,
  term_months,
  is_term_assumed,
  (12 * mrr)::double as annual,
  currency,
  (12 * home_mrr)::double as annual_home,
  fx_rate::double as fx_rate,
  fx_source,
  rules ->> 'start' as start_rule,
  rules ->> 'end' as end_rule,
  rules ->> 'mrr' as value_rule,
  rules ->> 'service_end' as service_end_rule
from contracts
where account_id = $account_id
order by start_date desc, contract_id;
