-- What imported rows say against each other: one row for each check and each row that could have shown it. The import sums them up; the marts list
-- what was found. `problem` is the kind of data problem it is; NULL where the marts find it themselves, with contracts of every source.
create or replace temp macro import_checks(t, within_days) as table
  with
  accounts as (
    select
      id as account,
      properties ->> 'account_id' as account_id,
      try_cast((properties ->> 'created_date') as date) as created_date,
      (properties ->> 'churn_flag') = 'true' as is_flagged,
      (properties ->> 'churn_date') is not null as has_churn_date,
      properties ->> 'parent_id' as parent_id
    from objects_known(t)
    where object_type = 'import_accounts' and not archived
  ),
  contracts as (
    select
      id as contract,
      properties ->> 'contract_id' as contract_id,
      properties ->> 'account_id' as account_id,
      try_cast((properties ->> 'start_date') as date) as start_date,
      try_cast((properties ->> 'end_date') as date) as end_date,
      coalesce(try_cast((properties ->> 'service_end_date') as date), try_cast((properties ->> 'end_date') as date)) as service_end,
      coalesce(try_cast((properties ->> 'mrr') as decimal(18, 4)), try_cast((properties ->> 'value') as decimal(18, 4))) as amount,
      coalesce((properties ->> 'is_trial') = 'true', false) as is_trial
    from objects_known(t)
    where object_type = 'import_contracts' and not archived
  ),
  events as (
    select
      id as event,
      properties ->> 'account_id' as account_id,
      try_cast((properties ->> 'date') as date) as day
    from objects_known(t)
    where object_type = 'import_events' and not archived and (properties ->> 'type') = 'churn'
  ),
  tickets as (
    select
      id as ticket,
      properties ->> 'account_id' as account_id,
      try_cast((properties ->> 'opened_at') as timestamptz) as opened_at,
      try_cast((properties ->> 'closed_at') as timestamptz) as closed_at
    from objects_known(t)
    where object_type = 'import_tickets' and not archived
  ),
  usage as (
    select
      rows.id as usage,
      try_cast((rows.properties ->> 'day') as date) as day,
      contracts.contract,
      contracts.account_id,
      contracts.start_date,
      contracts.service_end
    from objects_known(t) rows
    join contracts on contracts.contract_id = (rows.properties ->> 'contract_id')
    where rows.object_type = 'import_usage' and not rows.archived
  ),
  responses as (
    select
      id as response,
      properties ->> 'account_id' as account_id,
      properties ->> 'score' as score_text,
      try_cast((properties ->> 'score') as double) as score,
      coalesce(
        try_cast((properties ->> 'min') as double),
        case properties ->> 'type' when 'NPS' then 0 when 'CSAT' then 1 when 'CES' then 1 end
      ) as lowest,
      coalesce(
        try_cast((properties ->> 'max') as double),
        case properties ->> 'type' when 'NPS' then 10 when 'CSAT' then 5 when 'CES' then 7 end
      ) as highest
    from objects_known(t)
    where object_type = 'import_responses' and not archived
  ),
  invoices as (
    select
      id as invoice,
      properties ->> 'account_id' as account_id,
      try_cast((properties ->> 'issued') as date) as issued,
      try_cast((properties ->> 'due') as date) as due,
      try_cast((properties ->> 'paid') as date) as paid
    from objects_known(t)
    where object_type = 'import_invoices' and not archived
  ),
  purchases as (
    select id as purchase, properties ->> 'account_id' as account_id, try_cast((properties ->> 'amount') as decimal(18, 4)) as amount
    from objects_known(t)
    where object_type = 'import_purchases' and not archived
  ),
  account_facts as (
    select
      accounts.*,
      exists (select 1 from events where events.account_id = accounts.account_id) as has_event,
      exists (select 1 from contracts where contracts.account_id = accounts.account_id) as has_contract,
      exists (
        select 1 from contracts where contracts.account_id = accounts.account_id and contracts.service_end is null
      ) as has_running_contract
    from accounts
  ),
  event_facts as (
    select
      events.*,
      accounts.created_date,
      exists (
        select 1 from contracts
        where contracts.account_id = events.account_id
          and abs(date_diff('day', contracts.service_end, events.day)) <= within_days
      ) as is_confirmed
    from events
    left join accounts using (account_id)
  )
  select
    'contract_end_before_start' as "check",
    'contracts end before they start' as sentence,
    null::varchar as problem,
    contract as record_id,
    account_id as raw_account_id,
    contract as example,
    null::varchar as evidence,
    end_date < start_date as is_found
  from contracts
  where start_date is not null and end_date is not null
  union all
  select 'contract_of_no_day', 'contracts end on the day they start, and so count for nothing', null, contract, account_id, contract, null, end_date = start_date
  from contracts
  where start_date is not null and end_date is not null
  union all
  select 'contract_without_start', 'contracts have no start', null, contract, account_id, contract, null, start_date is null
  from contracts
  union all
  select 'contract_without_value', 'contracts have no value', null, contract, account_id, contract, null, amount is null
  from contracts
  union all
  select 'contract_negative', 'contracts have a value below 0', null, contract, account_id, contract, null, coalesce(amount < 0, false)
  from contracts
  union all
  select 'contract_free_without_trial', 'contracts of value 0 are not marked as trials', 'unlikely_value', contract, account_id, contract, 'value 0, and not marked as a trial', coalesce(amount = 0, false) and not is_trial
  from contracts
  union all
  select 'contract_trial_with_value', 'trials have a value above 0', 'unlikely_value', contract, account_id, contract, 'a trial of value ' || amount::decimal(18, 2), is_trial and coalesce(amount > 0, false)
  from contracts
  union all
  select 'contract_before_account', 'contracts start before their account was created', 'dates_out_of_order', contract, account_id, contract, 'contract starts ' || start_date || ', account created ' || created_date, start_date < created_date
  from contracts join accounts using (account_id)
  where start_date is not null and created_date is not null
  union all
  select 'account_without_contract', 'accounts have no contract', null, account, account_id, account_id, null, not has_contract
  from account_facts
  where exists (select 1 from contracts)
  union all
  select 'account_of_unknown_parent', 'accounts name a parent that is no account', 'unknown_parent', account, account_id, account_id, 'names the parent ' || parent_id || ', which is no account', parent_id not in (select account_id from accounts)
  from accounts
  where parent_id is not null
  union all
  select 'flag_without_event', 'accounts are flagged as churned, and no churn event says so', 'flag_and_events_differ', account, account_id, account_id, 'flagged as churned, and no churn event says so', not has_event
  from account_facts
  where is_flagged and exists (select 1 from events)
  union all
  select 'event_without_flag', 'accounts have a churn event and no churn flag', 'flag_and_events_differ', account, account_id, account_id, 'has a churn event, and is not flagged as churned', not coalesce(is_flagged, false)
  from account_facts
  where has_event and exists (select 1 from accounts where is_flagged is not null)
  union all
  select 'flag_without_date', 'accounts are flagged as churned, without a churn date', null, account, account_id, account_id, null, not has_churn_date
  from accounts
  where is_flagged
  union all
  select 'flag_but_running', 'accounts are flagged as churned, and a contract of theirs runs on', null, account, account_id, account_id, null, has_running_contract
  from account_facts
  where is_flagged and has_contract
  union all
  select 'event_but_running', 'accounts have a churn event, and a contract of theirs runs on', null, account, account_id, account_id, null, has_running_contract
  from account_facts
  where has_event and has_contract
  union all
  select 'event_unconfirmed', 'churn events lie more than ' || within_days || ' days from the end of every contract of their account', null, event, account_id, event, null, not is_confirmed
  from event_facts
  where exists (select 1 from contracts)
  union all
  select 'event_before_account', 'churn events lie before their account was created', 'dates_out_of_order', event, account_id, event, 'churn event on ' || day || ', account created ' || created_date, day < created_date
  from event_facts
  where created_date is not null
  union all
  select 'ticket_closed_before_opened', 'tickets were closed before they were opened', 'dates_out_of_order', ticket, account_id, ticket, 'opened ' || opened_at || ', closed ' || closed_at, closed_at < opened_at
  from tickets
  where closed_at is not null
  union all
  select 'usage_before_start', 'usage rows lie before the start of their contract', 'dates_out_of_order', contract, account_id, usage, 'used on ' || day || ', starts ' || start_date, day < start_date
  from usage
  where start_date is not null
  union all
  select 'usage_after_end', 'usage rows lie on or after the end of their contract', 'dates_out_of_order', contract, account_id, usage, 'used on ' || day || ', ended ' || service_end, day >= service_end
  from usage
  where service_end is not null
  union all
  select 'response_out_of_scale', 'answers have a score outside their scale', 'unlikely_value', response, account_id, response, 'score ' || score || ', scale ' || lowest || ' to ' || highest, score < lowest or score > highest
  from responses
  where score is not null
  union all
  select 'response_without_score', 'answers have no score', 'unlikely_value', response, account_id, response, 'an answer without a score', score_text is null
  from responses
  union all
  select 'invoice_due_before_issued', 'invoices are due before they were issued', 'dates_out_of_order', invoice, account_id, invoice, 'issued ' || issued || ', due ' || due, due < issued
  from invoices
  where due is not null and issued is not null
  union all
  select 'invoice_paid_before_issued', 'invoices were paid before they were issued', 'dates_out_of_order', invoice, account_id, invoice, 'issued ' || issued || ', paid ' || paid, paid < issued
  from invoices
  where paid is not null and issued is not null
  union all
  select 'purchase_of_nothing', 'purchases have an amount of 0', 'unlikely_value', purchase, account_id, purchase, 'a purchase of 0', coalesce(amount = 0, false)
  from purchases
  union all
  select 'purchase_negative', 'purchases have an amount below 0', 'unlikely_value', purchase, account_id, purchase, 'a purchase of ' || amount::decimal(18, 2), coalesce(amount < 0, false)
  from purchases;

create or replace temp macro stg_imported_events(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    as_day(mapped(properties, 'date')) as day,
    mapped(properties, 'type') as type
  from live_records(t, ['import_events']);
