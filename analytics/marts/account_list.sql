-- Account list: one row for each account with what a person looks for, filters and sorts by.
-- Counts   every row of `accounts`.
-- Excludes companies that are no accounts.
-- NULL     what is not known.
-- @account_id HubSpot's id of the company
-- @name the company's name
-- @domain its web domain
-- @owner_id the owner's id
-- @owner the owner's name
-- @plan as mapped
-- @segment as mapped
-- @status customer, lapsed, former, future, trial, free or uncovered
-- @annual annual recurring value in force today, in the portal's currency
-- @own_annual the same in the contracts' own currency; NULL where they are in several
-- @own_currency that currency; several with a blank between, the largest first
-- @since the first paid day of the current or last spell
-- @tenure_days days since then, of a customer
-- @renewal_date the next end of a term without a signed successor
-- @notice_deadline the last day for notice, where it is known
-- @days_left days to the notice deadline, else to the renewal
-- @band past_due, within_30, within_90, within_180 or later
-- @health 0 to 100
-- @health_band good, watch or risk
-- @coverage the share of the health's weights that could be measured, in percent
-- @change_30 change of health over 30 days
-- @last_contact_on the day of the last two-way contact
-- @open_tickets tickets open today
-- @latest_nps the latest answer of 0 to 10
-- @latest_nps_on its day
-- @churn_reason of who left
-- @churned_on the first day without service, of who left
select
  accounts.account_id,
  accounts.name,
  accounts.domain,
  accounts.owner_id,
  accounts.owner,
  accounts.plan,
  accounts.segment,
  accounts.status,
  _values.annual,
  case len(_values.own) when 0 then _values.annual when 1 then _values.own[1].amount end as own_annual,
  case
    when _values.contracts = 0 then null
    when len(_values.own) = 0 then getvariable('home_currency')
    else array_to_string(list_transform(_values.own, lambda one: one.currency), ' ')
  end as own_currency,
  accounts.spell_started_on as since,
  accounts.tenure_days,
  _renewals.renewal_date,
  _renewals.notice_deadline,
  _renewals.days_left,
  _renewals.band,
  health.score as health,
  health.band as health_band,
  health.coverage,
  health.change_30,
  met.day as last_contact_on,
  coalesce(help.open, 0)::integer as open_tickets,
  nps.score as latest_nps,
  nps.day as latest_nps_on,
  accounts.churn_reason,
  if(accounts.status = 'former', accounts.served_to, null) as churned_on
from accounts
left join _values on _values.account_id = accounts.account_id
left join _renewals on _renewals.account_id = accounts.account_id
left join health on health.account_id = accounts.account_id
left join (
  select account_id, max(day) as day from touches where is_two_way and day <= getvariable('today') group by account_id
) met on met.account_id = accounts.account_id
left join (
  select account_id, count(*) as open from tickets where is_open group by account_id
) help on help.account_id = accounts.account_id
left join (
  select account_id, arg_max(score, (answered_at, -try_cast(response_id as hugeint), response_id)) as score, max(day) as day
  from responses
  where nps_group is not null
  group by account_id
) nps on nps.account_id = accounts.account_id
order by lower(accounts.name) nulls last, accounts.account_id;
