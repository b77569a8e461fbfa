-- One page of the account list: the accounts that every filter lets through, in the asked order. The last columns are of the whole filtered
-- set, so that a page, its totals and the CSV come from one statement.
-- Filters  a list of words, each of which must stand in the name, the domain or the owner's name, or be the id; and for each field the
--          values that are let through, where '' stands for what is not known. An empty list lets everything through.
-- Order    what is not known comes last, whichever way.
with
asked as (
  select from_json(
    $filters,
    '{"words": ["VARCHAR"], "status": ["VARCHAR"], "band": ["VARCHAR"], "health": ["VARCHAR"], "owner": ["VARCHAR"], "plan": ["VARCHAR"], "segment": ["VARCHAR"]}'
  ) as filters
),
-- accounts with a contract in force whose currency has no rate: it is in none of their values
rateless as (
  select distinct account_id
  from contracts
  where home_mrr is null
    and not is_trial
    and start_date <= $today::date
    and coalesce(service_end_date, date '9999-12-31') > $today::date
    and not coalesce(paused_from <= $today::date and coalesce(paused_to, date '9999-12-31') > $today::date, false)
),
found as (
  select account_list.*, rateless.account_id is not null as is_rateless
  from account_list
  cross join asked
  left join rateless on rateless.account_id = account_list.account_id
  where not list_bool_or(list_transform(filters.words, lambda word: not (
      contains(lower(strip_accents(concat_ws(' ', name, domain, owner))), lower(strip_accents(word)))
      or account_list.account_id = word
    ))) is true
    and (len(filters.status) = 0 or list_contains(filters.status, status))
    and (len(filters.band) = 0 or list_contains(filters.band, coalesce(band, '')))
    and (len(filters.health) = 0 or list_contains(filters.health, coalesce(health_band, '')))
    and (len(filters.owner) = 0 or list_contains(filters.owner, coalesce(owner_id, '')))
    and (len(filters.plan) = 0 or list_contains(filters.plan, coalesce(plan, '')))
    and (len(filters.segment) = 0 or list_contains(filters.segment, coalesce(segment, '')))
),
keyed as (
  select
    *,
    case $sort when 'name' then lower(name) when 'owner' then lower(owner) end as word_key,
    case $sort
      when 'value' then annual
      when 'tenure' then tenure_days
      when 'renewal' then days_left
      when 'health' then health
      when 'change' then change_30
      when 'contact' then last_contact_on - date '1970-01-01'
      when 'tickets' then open_tickets
      when 'nps' then latest_nps
    end as number_key
  from found
),
totals as (
  select
    count(*)::integer as total,
    count(annual)::integer as with_value,
    (count(*) filter (is_rateless))::integer as rateless,
    -- in cents, so that the order of the rows cannot change the sum
    sum(round(annual * 100)::hugeint)::double / 100 as annual_sum
  from found
)
select
  account_id,
  name,
  domain,
  owner_id,
  owner,
  plan,
  segment,
  status,
  annual,
  own_annual,
  own_currency,
  is_rateless,
  since,
  tenure_days,
  renewal_date,
  notice_deadline,
  days_left,
  band,
  health,
  health_band,
  coverage,
  change_30,
  last_contact_on,
  open_tickets,
  latest_nps::double as latest_nps,
  latest_nps_on,
  churn_reason,
  churned_on,
  totals.*
from keyed
cross join totals
order by
  case when not $descending then word_key end nulls last,
  case when $descending then word_key end desc nulls last,
  case when not $descending then number_key end nulls last,
  case when $descending then number_key end desc nulls last,
  lower(name) nulls last,
  account_id
limit $page_size offset $first_row;
