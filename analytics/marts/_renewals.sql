-- The next renewal of each account: the earliest end of a term from today on without a signed successor, of several on one day that of the
-- contract worth most; kept while the marts are built and not published.
-- Counts   contracts that run or begin later, free ones left out.
select
  account_id,
  contract_id,
  source,
  source_id,
  due_on as renewal_date,
  notice_days,
  (due_on - notice_days)::date as notice_deadline,
  coalesce(auto_renew, false) as auto_renew,
  term_months,
  is_term_assumed,
  rules ->> 'end' as rule,
  rules ->> 'notice' as notice_rule,
  -- what nobody recorded is taken as no when terms are counted, and told as not known
  if(rules ->> 'auto_renew' = 'not recorded: no', null, auto_renew) as recorded_auto_renew,
  -- named by what they are made of: the contract's own notice_deadline is that of its first term
  (coalesce((due_on - notice_days)::date, due_on) - getvariable('today'))::integer as days_left,
  case
    when days_left < 0 then 'past_due'
    when days_left <= 30 then 'within_30'
    when days_left <= 90 then 'within_90'
    when days_left <= 180 then 'within_180'
    else 'later'
  end as band
from _terms
where not is_trial and mrr > 0 and replaced_by is null and due_on is not null and served_to > getvariable('today')
qualify row_number() over (partition by account_id order by due_on, home_mrr desc nulls last, contract_id) = 1
