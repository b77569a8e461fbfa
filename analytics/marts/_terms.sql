-- Contracts as they stand today, with the account or parent they count for and the end of the term they are in: one that goes on without a
-- word falls due again each term. The one place that says when a term ends; kept while the marts are built and not published.
with
stated as (
  select
    contracts.* replace (coalesce(units.unit_id, contracts.account_id) as account_id),
    coalesce(service_end_date, date '9999-12-31') as served_to,
    not is_trial and start_date <= getvariable('today') and served_to > getvariable('today') as is_running,
    coalesce(paused_from <= getvariable('today') and coalesce(paused_to, date '9999-12-31') > getvariable('today'), false)
      and (getvariable('book') ->> 'pause') is distinct from 'keep' as is_paused
  from contracts
  left join _units units on units.account_id = contracts.account_id
),
turned as (
  select
    *,
    -- whole terms since the recorded end, where it renews by itself
    case
      when is_running and auto_renew and service_end_date is null and end_date <= getvariable('today') and term_months > 0
        then (date_diff('month', end_date, getvariable('today')) // term_months)::integer
      else 0
    end as turns
  from stated
)
select
  * exclude (turns),
  case
    when end_date is null then null
    -- cancelled after its term was over: it ends when service does
    when is_running and service_end_date > end_date and end_date <= getvariable('today') then service_end_date
    when turns = 0 then if(is_running and auto_renew and service_end_date is null and end_date <= getvariable('today'), (end_date + to_months(term_months))::date, end_date)
    when (end_date + to_months(term_months * turns))::date > getvariable('today') then (end_date + to_months(term_months * turns))::date
    else (end_date + to_months(term_months * (turns + 1)))::date
  end as due_on,
  (end_date - notice_deadline)::integer as notice_days,
  is_running and not is_paused as in_force
from turned
