-- What the health of each account is made of: one row for an account and a measure, with what was measured; kept while the marts are
-- built and not published. Value is NULL where there is nothing to measure.
with
measured as (
  -- the answer to "how likely are you to recommend us" of each person, the latest within a year; their mean
  select
    account_id,
    'nps' as measure,
    avg(score) as value,
    max(day) as day,
    'latest_answers_mean' as rule,
    coalesce(setting('$.responses.score'), 'hs_value') as property,
    list({type: source, id: response_id} order by answered_at desc)[1:5] as records
  from (
    select *
    from responses
    where nps_group is not null and day > getvariable('today') - 365 and day <= getvariable('today')
    qualify row_number() over (partition by account_id, contact_id order by answered_at desc, response_id) = 1 or contact_id is null
  )
  group by account_id
  union all
  select
    account_id,
    'contact',
    (getvariable('today') - max(day))::double,
    max(day),
    'days_since_two_way_contact',
    'hs_timestamp',
    [arg_max({type: source, id: split_part(touch_id, ':', 2)}, (touched_at, touch_id))]
  from touches
  where is_two_way and day <= getvariable('today')
  group by account_id
  union all
  -- an urgent ticket weighs as two; without one there is nothing open, where tickets are kept at all
  select
    accounts.account_id,
    'tickets',
    coalesce(sum(if(lower(tickets.priority) in ('high', 'urgent'), 2, 1)) filter (tickets.is_open), 0)::double,
    null,
    'open_tickets_weighted',
    'hs_pipeline_stage',
    coalesce(list({type: tickets.source, id: tickets.ticket_id} order by tickets.opened_at) filter (tickets.is_open), [])[1:5]
  from accounts
  left join tickets on tickets.account_id = accounts.account_id
  where exists (from tickets)
  group by accounts.account_id
  union all
  select
    active.account_id,
    'usage',
    100.0 * active.active_users / seats.seats,
    active.day,
    'active_users_of_seats',
    setting('$.accounts.monthly_active_users'),
    [{type: 'companies', id: active.account_id}]
  from stg_active_users(getvariable('known_at')) active
  join stg_seats(getvariable('known_at')) seats on seats.account_id = active.account_id and seats.seats > 0
  union all
  select
    account_id,
    'invoices',
    coalesce(max(days_late) filter (due < getvariable('today') and paid is null and status not in ('draft', 'voided', 'paid')), 0)::double,
    null,
    'oldest_overdue_invoice',
    coalesce(setting('$.invoices.due'), 'hs_due_date'),
    coalesce(list({type: source, id: invoice_id} order by due) filter (days_late > 0 and paid is null and status not in ('draft', 'voided', 'paid')), [])[1:5]
  from invoices
  where account_id is not null
  group by account_id
)
select
  accounts.account_id,
  rules.measure,
  rules.weight,
  rules.unit,
  rules.worst,
  rules.best,
  measured.* exclude (account_id, measure),
  -- linear between the values that give 0 and 100
  if(measured.value is null, null, least(100, greatest(0, 100 * (measured.value - rules.worst) / (rules.best - rules.worst)))) as score
from accounts
cross join health_rules() rules
left join measured on measured.account_id = accounts.account_id and measured.measure = rules.measure
where accounts.status in ('customer', 'lapsed')
