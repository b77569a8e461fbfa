-- Cards: one finished document for each account, as the card in HubSpot and the account's page show it.
-- Counts   every row of `accounts`. Its shape is held by src/core/accounts/card-document.ts.
-- Excludes companies that are no accounts.
-- NULL     inside the document: what is not known.
-- @account_id the account
-- @document the document, as JSON
-- index account_id
with
companies as (select * from accounts),
-- how HubSpot words a reason that is stored as an option's value
reasons as (
  select option ->> 'value' as value, any_value(option ->> 'label') as label
  from (
    select unnest(from_json(document -> 'options', '["JSON"]')) as option
    from definitions_known(getvariable('known_at'))
    where kind = 'property'
      and list_contains([setting('$.accounts.churn_reason'), field('subscriptions', 'churn_reason'), field('line_items', 'churn_reason'), field('deals', 'churn_reason'), field('companies', 'churn_reason')], id)
  )
  group by 1
),
first_terms as (
  select
    account_id,
    arg_min({type: source, id: source_id, rule: rules ->> 'start'}, (start_date, contract_id)) as first
  from _terms
  join (select account_id, spell_started_on from companies) spells using (account_id)
  where not is_trial and mrr > 0 and start_date >= spell_started_on
  group by account_id
),
endless as (
  select account_id, arg_min({type: source, id: source_id}, (start_date, contract_id)) as record
  from _terms
  where in_force and mrr > 0 and due_on is null
  group by account_id
),
  -- Long lists are made of finished JSON: sorting structs within each account takes twice as long.
drivers as (
  select
    account_id,
    list(to_json({
      measure: measure,
      score: score,
      weight: weight,
      earned: earned,
      missing: missing,
      value: value,
      unit: unit,
      worst: worst,
      best: best,
      day: day,
      source: if(value is null, null, {rule: rule, property: property, records: records})
    }) order by missing desc, measure) as list
  from health_drivers
  group by account_id
),
people as (
  select
    account_id,
    list(to_json({id: contact_id, name: name, title: title, role: role, "hasLeft": has_left}) order by place) filter (place <= 8) as list
  from (
    select
      *,
      row_number() over (
        partition by account_id
        order by has_left,
          coalesce(list_position(['DECISION_MAKER', 'BUDGET_HOLDER', 'EXECUTIVE_SPONSOR', 'CHAMPION', 'INFLUENCER', 'BLOCKER', 'LEGAL_AND_COMPLIANCE', 'END_USER'], role), 99),
          contact_id
      ) as place
    from _people
  )
  group by account_id
),
silent as (
  select
    account_id,
    list({"contactId": contact_id, contact: name, "askedOn": survey_sent_on} order by survey_sent_on desc, contact_id)[1:12] as list
  from _people
  where survey_sent_on > getvariable('today') - 365 and survey_sent_on <= getvariable('today')
    and not exists (
      from responses
      where responses.contact_id = _people.contact_id and responses.day >= _people.survey_sent_on
    )
  group by account_id
),
met as (
  select account_id, arg_max({day: day, type: type, record_type: source, id: split_part(touch_id, ':', 2)}, (touched_at, touch_id)) as last
  from touches
  where is_two_way and day <= getvariable('today') and type in ('email', 'call', 'meeting')
  group by account_id
),
ahead as (
  select account_id, arg_min({day: day, type: type, record_type: source, id: split_part(touch_id, ':', 2)}, (touched_at, touch_id)) as next
  from touches
  where touched_at > getvariable('known_at') and type in ('meeting', 'task', 'call')
  group by account_id
),
help as (
  select
    account_id,
    count(*)::integer as open,
    count(*) filter (lower(priority) in ('high', 'urgent'))::integer as urgent,
    (getvariable('today') - min(day))::integer as oldest_days,
    list({
      record: {type: source, id: ticket_id},
      subject: subject,
      "openedOn": day,
      "daysOpen": (getvariable('today') - day)::integer,
      priority: priority,
      stage: pipeline_stage
    } order by (lower(priority) in ('high', 'urgent')) desc nulls last, opened_at, ticket_id)[1:5] as list
  from tickets
  where is_open and account_id is not null
  group by account_id
),
unpaid as (
  select
    account_id,
    currency,
    sum(coalesce(balance, amount)) as amount,
    count(*)::integer as overdue,
    max(days_late) as oldest_days,
    list({type: source, id: invoice_id} order by due, invoice_id)[1:5] as records
  from invoices
  where days_late > 0 and paid is null and account_id is not null
  group by account_id, currency
),
bills as (
  select
    known.account_id,
    coalesce(sum(unpaid.overdue), 0)::integer as overdue,
    coalesce(list({amount: unpaid.amount::double, currency: unpaid.currency} order by unpaid.amount desc) filter (unpaid.currency is not null), []) as amounts,
    max(unpaid.oldest_days) as oldest_days,
    flatten(list(unpaid.records order by unpaid.currency) filter (unpaid.currency is not null))[1:5] as records
  from (select distinct account_id from invoices where account_id is not null) known
  left join unpaid on unpaid.account_id = known.account_id
  group by known.account_id
),
terms as (
  select
    account_id,
    list(to_json({
      record: {type: source, id: source_id},
      name: name,
      state: case
        when is_trial then 'trial'
        when is_running and is_paused then 'paused'
        when is_running then 'in_force'
        when start_date > getvariable('today') then 'future'
        else 'ended'
      end,
      kind: kind,
      line: line,
      start: start_date,
      "end": end_date,
      "lastDay": end_date - 1,
      "servedTo": service_end_date,
      "lastServedDay": service_end_date - 1,
      annual: {amount: (12 * mrr)::double, currency: currency},
      home: if(home_mrr is null, null, {amount: (12 * home_mrr)::double, currency: getvariable('home_currency')}),
      rules: rules
    }) order by start_date desc, contract_id)[1:20] as list
  from _terms
  group by account_id
),
moves as (
  select account_id, day, kind, (12 * sum(home_amount))::double as change
  from movements
  group by account_id, day, kind
),
-- terms that went on, on the day on which the next one began
renewed as (
  select distinct _terms.account_id, coalesce(next.start_date, renewals.due_on) as day
  from renewals
  join _terms on _terms.contract_id = renewals.contract_id
  left join _terms next on next.contract_id = renewals.successor
  where renewals.outcome = 'renewed' and renewals.due_on <= getvariable('today') and not _terms.is_trial
),
-- what an account was worth when it left
lost as (
  select account_id, arg_max(-change, day) as annual from moves where kind = 'churn' group by account_id
),
told as (
  select account_id, list(to_json(event) order by event.day desc, event.kind, event.answer.id)[1:30] as list
  from (
    select
      account_id,
      {day: day, kind: kind, "atRenewal": renewed.day is not null, change: if(change is null, null, {amount: change, currency: getvariable('home_currency')}), answer: null} as event
    from moves
    left join renewed using (account_id, day)
    union all
    -- at the same price: nothing of the value moved
    select account_id, {day: day, kind: 'renewal', "atRenewal": true, change: null, answer: null}
    from renewed
    anti join moves using (account_id, day)
    union all
    select account_id, {day: entry.day, kind: 'answer', "atRenewal": false, change: null, answer: entry.answer}
    from (select account_id, unnest(answers) as entry from _answers)
  )
  group by account_id
)
select
  companies.account_id,
  to_json({
    contract: 1,
    "asOf": {
      today: getvariable('today'),
      "knownAt": strftime(getvariable('known_at') at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ'),
      "timeZone": getvariable('time_zone')
    },
    account: {
      id: companies.account_id,
      name: companies.name,
      status: companies.status,
      plan: companies.plan,
      segment: companies.segment,
      owner: if(companies.owner_id is null, null, {id: companies.owner_id, name: companies.owner}),
      "churnReason": coalesce(reasons.label, companies.churn_reason),
      "churnKind": companies.churn_kind
    },
    tenure: {
      days: companies.tenure_days,
      since: companies.spell_started_on,
      "firstSince": companies.first_paid_on,
      "servedTo": companies.served_to,
      "lastDay": if(companies.status = 'former', companies.served_to - 1, null),
      source: if(companies.spell_started_on is null, null, {
        rule: 'first_paid_day_of_spell',
        property: first_terms.first.rule,
        records: if(first_terms.first is null, [], [{type: first_terms.first.type, id: first_terms.first.id}])
      })
    },
    renewal: {
      date: _renewals.renewal_date,
      "noticeDeadline": _renewals.notice_deadline,
      "noticeDays": _renewals.notice_days,
      "daysLeft": _renewals.days_left,
      "countsTo": case when _renewals.notice_deadline is not null then 'notice' when _renewals.renewal_date is not null then 'renewal' end,
      band: _renewals.band,
      "autoRenew": if(_renewals.renewal_date is null, if(endless.account_id is null, null, true), _renewals.recorded_auto_renew),
      "runsOn": endless.account_id is not null,
      "termMonths": _renewals.term_months,
      "isTermAssumed": coalesce(_renewals.is_term_assumed, false),
      source: case
        when _renewals.renewal_date is not null then {
          rule: 'earliest_term_end',
          property: _renewals.rule,
          records: [{type: _renewals.source, id: _renewals.source_id}]
        }
        when endless.account_id is not null then {rule: 'runs_on', property: null, records: [endless.record]}
      end
    },
    value: {
      annual: if(_values.annual is null, null, {amount: _values.annual, currency: getvariable('home_currency')}),
      own: _values.own,
      next: if(_values.next_annual is null, null, {
        annual: {amount: _values.next_annual, currency: getvariable('home_currency')},
        "startsOn": _values.starts_on
      }),
      last: if(companies.status = 'former' and lost.annual is not null, {amount: lost.annual, currency: getvariable('home_currency')}, null),
      contracts: _values.contracts,
      "withoutRate": _values.without_rate,
      source: if(_values.contracts = 0, null, {rule: 'sum_in_force', property: _values.rule, records: _values.records})
    },
    health: {
      score: health.score,
      band: health.band,
      coverage: coalesce(health.coverage, 0),
      change30: health.change_30,
      change90: health.change_90,
      version: health_version(),
      drivers: coalesce(drivers.list, [])
    },
    surveys: {
      answers: coalesce(list_transform(_answers.answers[1:12], lambda entry: entry.answer), []),
      total: coalesce(_answers.total, 0),
      silent: if(setting('$.contacts.last_survey_sent') is null, null, coalesce(silent.list, []))
    },
    people: coalesce(people.list, []),
    "lastContact": if(met.last is null, null, {
      day: met.last.day,
      "daysAgo": (getvariable('today') - met.last.day)::integer,
      type: met.last.type,
      source: {rule: 'latest_two_way_contact', property: 'hs_timestamp', records: [{type: met.last.record_type, id: met.last.id}]}
    }),
    "nextStep": if(ahead.next is null, null, {
      day: ahead.next.day,
      "inDays": (ahead.next.day - getvariable('today'))::integer,
      type: ahead.next.type,
      source: {rule: 'earliest_planned_touch', property: 'hs_timestamp', records: [{type: ahead.next.record_type, id: ahead.next.id}]}
    }),
    tickets: {
      open: coalesce(help.open, 0),
      urgent: coalesce(help.urgent, 0),
      "oldestDays": help.oldest_days,
      list: coalesce(help.list, [])
    },
    invoices: if(bills.account_id is null, null, {
      overdue: bills.overdue,
      amounts: bills.amounts,
      "oldestDays": bills.oldest_days
    }),
    sources: {
      status: {
        rule: case
          when companies.contracts > 0 then 'state_of_contracts'
          when companies.flag_says_customer then 'flag_without_contract'
          else 'imported_without_contract'
        end,
        property: if(companies.contracts > 0, null, setting('$.accounts.flag')),
        records: [{type: record_of(companies.account_id), id: companies.account_id}]
      },
      plan: if(companies.plan is null, null, {
        rule: 'recorded',
        property: setting('$.accounts.plan'),
        records: [{type: record_of(companies.account_id), id: companies.account_id}]
      }),
      owner: if(companies.owner_id is null, null, {
        rule: 'recorded',
        property: 'hubspot_owner_id',
        records: [{type: record_of(companies.account_id), id: companies.account_id}]
      }),
      notice: if(_renewals.notice_deadline is null, null, {
        rule: 'term_end_minus_notice_days',
        property: _renewals.notice_rule,
        records: [{type: _renewals.source, id: _renewals.source_id}]
      }),
      surveys: if(_answers.total is null, null, {
        rule: 'answers_of_its_people',
        property: coalesce(setting('$.responses.score'), 'hs_value'),
        records: list_transform(_answers.answers[1:5], lambda entry: {type: entry.source, id: entry.answer.id})
      }),
      silent: if(setting('$.contacts.last_survey_sent') is null, null, {
        rule: 'asked_and_no_answer_since',
        property: setting('$.contacts.last_survey_sent'),
        records: coalesce(list_transform(silent.list[1:5], lambda entry: {type: 'contacts', id: entry."contactId"}), [])
      }),
      tickets: if(help.account_id is null, null, {
        rule: 'open_tickets',
        property: 'hs_pipeline_stage',
        records: list_transform(help.list, lambda entry: entry.record)
      }),
      invoices: if(bills.account_id is null, null, {
        rule: 'unpaid_past_due',
        property: coalesce(setting('$.invoices.due'), 'hs_due_date'),
        records: coalesce(bills.records, [])
      })
    },
    contracts: coalesce(terms.list, []),
    timeline: coalesce(told.list, [])
  })::varchar as document
from companies
left join first_terms on first_terms.account_id = companies.account_id
left join _renewals on _renewals.account_id = companies.account_id
left join _values on _values.account_id = companies.account_id
left join health on health.account_id = companies.account_id
left join drivers on drivers.account_id = companies.account_id
left join _answers on _answers.account_id = companies.account_id
left join silent on silent.account_id = companies.account_id
left join people on people.account_id = companies.account_id
left join endless on endless.account_id = companies.account_id
left join met on met.account_id = companies.account_id
left join ahead on ahead.account_id = companies.account_id
left join help on help.account_id = companies.account_id
left join bills on bills.account_id = companies.account_id
left join terms on terms.account_id = companies.account_id
left join told on told.account_id = companies.account_id
left join reasons on reasons.value = companies.churn_reason
left join lost on lost.account_id = companies.account_id
order by companies.account_id;
