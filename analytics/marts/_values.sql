-- What each account is worth a year, today and as signed; kept while the marts are built and not published.
with
by_currency as (
  select
    account_id,
    currency,
    12 * sum(mrr) as annual,
    12 * sum(home_mrr) as home_annual,
    count(*)::integer as contracts,
    count(*) filter (home_mrr is null)::integer as without_rate
  from _terms
  where in_force
  group by account_id, currency
),
today as (
  select
    account_id,
    sum(home_annual)::double as annual,
    list({amount: annual::double, currency: currency} order by home_annual desc nulls last, currency) as own,
    bool_and(currency = getvariable('home_currency')) as is_home_only,
    sum(contracts)::integer as contracts,
    sum(without_rate)::integer as without_rate
  from by_currency
  group by account_id
),
evidence as (
  select
    account_id,
    list({type: source, id: source_id} order by home_mrr desc nulls last, contract_id)[1:5] as records,
    arg_max(rules ->> 'mrr', (coalesce(home_mrr, 0), contract_id)) as rule
  from _terms
  where in_force
  group by account_id
),
later as (
  select account_id, (12 * sum(home_mrr))::double as annual, min(start_date) as starts_on
  from _terms
  where start_date > getvariable('today') and not is_trial and mrr > 0
  group by account_id
)
select
  accounts.account_id,
  today.annual,
  if(coalesce(today.is_home_only, true), [], today.own) as own,
  coalesce(today.contracts, 0) as contracts,
  coalesce(today.without_rate, 0) as without_rate,
  evidence.records,
  evidence.rule,
  later.annual as next_annual,
  later.starts_on
from accounts
left join today on today.account_id = accounts.account_id
left join evidence on evidence.account_id = accounts.account_id
left join later on later.account_id = accounts.account_id
