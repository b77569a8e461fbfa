-- Accounts: companies that are, were or are about to be customers by their contracts, companies that the CRM calls customers without one, and
-- every imported account. What an account is today is the state that its movements end in, so the two cannot contradict each other.
-- Counts   one row a company, merged ones folded into their survivor; with the parent as unit one row a parent, companies below it folded in.
-- Excludes excluded account types; companies of the CRM without contract that nobody calls a customer.
-- NULL     a value that no contract and no property gives.
-- @account_id HubSpot's id of the company, or file and id of an imported one
-- @name the company's name
-- @domain its web domain
-- @owner_id the owner's id
-- @owner the owner's name
-- @plan as mapped
-- @segment as mapped
-- @status customer (paying, paused, or kept on a free plan), lapsed (a gap that the grace still covers), former, future (first paid contract not begun), trial or free (served so, never paid), uncovered (no contract that serves a day)
-- @first_paid_on the first paid day ever
-- @spell_started_on the first paid day of the current or last spell: gaps over the grace end a spell
-- @tenure_days days since the current spell began
-- @served_to the first day without service, of the last spell
-- @contract_source which source the contracts are from
-- @contracts how many contracts
-- @home_mrr value a month today, net, in the portal's currency: what the movements close at; NULL for who is no customer
-- @currency the currency of the contracts in force; null when there are several
-- @renewal_date the next end of a term without a signed successor; a term that renews itself falls due again each time
-- @notice_deadline the last day for notice before it
-- @next_home_mrr value a month of what is signed to begin later
-- @churn_kind of the row that ended last, where the account left
-- @churn_reason of the row that ended last, where the account left
-- @flag_says_customer whether the mapped property calls it a customer
-- @recorded_churn_date the churn date on the account's record; evidence, and the rule only with churn_source flag
-- @is_flagged_lost whether the account's record says that it left; evidence likewise
-- @last_churn_event the latest churn event up to today; evidence, and the rule only with churn_source events
-- @churn_source which of contracts, events and flag decides that an account left, as the book says
-- @created_at when the company was recorded
with
companies as (
  select known.*
  from _companies known
  anti join _units folded on folded.account_id = known.account_id
  where account_type is null
    or not list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
owners as (
  select id, nullif(trim(coalesce(document ->> 'firstName', '') || ' ' || coalesce(document ->> 'lastName', '')), '') as name
  from definitions_known(getvariable('known_at'))
  where kind = 'owner'
),
terms as (
  select
    *,
    not is_trial and mrr > 0 as is_paid,
    start_date < served_to as has_a_day,
    is_paid and has_a_day and start_date > getvariable('today') as is_signed,
    is_paid and has_a_day and start_date <= getvariable('today') as has_paid_days
  from _terms
),
book as (
  select
    account_id,
    count(*)::integer as contracts,
    any_value(source) as contract_source,
    min(start_date) filter (is_signed) as signed_from,
    if(count(distinct currency) filter (in_force) = 1, any_value(currency) filter (in_force), null) as currency,
    sum(home_mrr) filter (start_date > getvariable('today') and not is_trial) as next_home_mrr,
    bool_or(is_running and not is_trial and mrr >= 0) as is_served,
    arg_max(if(is_trial, 'trial', 'free'), (is_running, start_date, contract_id)) filter (has_a_day and (is_trial or start_date <= getvariable('today'))) as unpaid_status,
    max(served_to) filter (has_paid_days) as served_to,
    -- the row that ended last tells the cause; of several that end on one day one that tells any
    arg_max_null(churn_kind, (served_to, churn_kind is not null, start_date, contract_id)) filter (has_paid_days) as churn_kind,
    arg_max_null(churn_reason, (served_to, churn_reason is not null, start_date, contract_id)) filter (has_paid_days) as churn_reason
  from terms
  group by account_id
),
judged as (
  select
    companies.*,
    book.* exclude (account_id, churn_kind, churn_reason),
    book.churn_kind as last_churn_kind,
    book.churn_reason as last_churn_reason,
    standing.* exclude (account_id),
    companies.flag is not null
      and list_contains(from_json(getvariable('mapping') -> '$.accounts.flag_values', '["VARCHAR"]'), companies.flag) as flag_says_customer,
    case
      when standing.state <> 'none' then if(standing.in_lapse and not coalesce(book.is_served, false), 'lapsed', 'customer')
      when standing.first_paid_on is not null then 'former'
      when book.signed_from is not null then 'future'
      else coalesce(book.unpaid_status, 'uncovered')
    end as status
  from companies
  left join book on book.account_id = companies.account_id
  left join _standing standing on standing.account_id = companies.account_id
)
select
  judged.account_id,
  judged.name,
  judged.domain,
  judged.owner_id,
  owners.name as owner,
  judged.plan,
  judged.segment,
  judged.status,
  coalesce(judged.first_paid_on, if(judged.status = 'future', judged.signed_from, null)) as first_paid_on,
  judged.spell_started_on,
  if(judged.status in ('customer', 'lapsed'), date_diff('day', judged.spell_started_on, getvariable('today')), null)::integer as tenure_days,
  case
    when judged.status = 'former' then judged.left_on
    when judged.status in ('customer', 'lapsed') and judged.served_to < date '9999-12-31' then judged.served_to
  end as served_to,
  judged.contract_source,
  coalesce(judged.contracts, 0) as contracts,
  judged.home_mrr,
  judged.currency,
  term_ends.renewal_date,
  term_ends.notice_deadline,
  judged.next_home_mrr::decimal(18, 4) as next_home_mrr,
  if(judged.status = 'former', coalesce(judged.last_churn_kind, judged.churn_kind), null) as churn_kind,
  if(judged.status = 'former', coalesce(judged.last_churn_reason, judged.churn_reason), null) as churn_reason,
  judged.flag_says_customer,
  judged.churn_date as recorded_churn_date,
  coalesce(evidence.is_flagged, false) as is_flagged_lost,
  list_max(list_filter(evidence.event_days, lambda day: day <= getvariable('today'))) as last_churn_event,
  coalesce(getvariable('book') ->> 'churn_source', 'contracts') as churn_source,
  judged.created_at
from judged
left join owners on owners.id = judged.owner_id
left join _renewals term_ends on term_ends.account_id = judged.account_id
left join _churn_evidence evidence on evidence.account_id = judged.account_id
where judged.contracts is not null or judged.flag_says_customer or judged.source = 'import'
order by lower(judged.name) nulls last, judged.account_id;
