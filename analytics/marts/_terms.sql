-- Contracts as they stand today, with the end of the term they are in: one that goes on without a word falls due again each term;
-- kept while the marts are built and not published.
with
stated as (
  select
    *,
    coalesce(service_end_date, date '9999-12-31') as served_to,
    not is_trial and start_date <= getvariable('today') and served_to > getvariable('today') as is_running,
    coalesce(paused_from <= getvariable('today') and coalesce(paused_to, date '9999-12-31') > getvariable('today'), false) as is_paused
  from contracts
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
    when turns = 0 then if(is_running and auto_renew and service_end_date is null and end_date <= getvariable('today'), (end_date + to_months(term_months))::date, end_date)
    when (end_date + to_months(term_months * turns))::date > getvariable('today') then (end_date + to_months(term_months * turns))::date
    else (end_date + to_months(term_months * (turns + 1)))::date
  end as due_on,
  (end_date - notice_deadline)::integer as notice_days,
  is_running and not is_paused as in_force
from turned
