-- Candidates: every record that could have been a contract, and what each rule said of it; the answer to "why is this account missing?".
-- Counts   one row a record of each source.
-- Excludes archived records.
-- NULL     account_id where the record leads to no company; mrr where none can be made of it.
-- @candidate_id source and the record's id
-- @account_id the company it leads to, after merges
-- @source the record type
-- @source_id the record's id
-- @verdict counted, or the first rule that left it out: no_account, excluded_account, not_won, other_pipeline, no_start, not_recurring, no_value, source_not_used, other_source_first
-- @start_date its start
-- @end_date the first day after its term, as recorded
-- @mrr value a month, where one can be made
-- @currency its currency
with
excluded as (
  select account_id
  from _companies
  where list_contains(from_json(getvariable('mapping') -> '$.accounts.excluded_types', '["VARCHAR"]'), account_type)
),
ordered as (
  select unnest(list_append(from_json(getvariable('mapping') -> '$.contracts.order', '["VARCHAR"]'), 'import')) as source
),
rows as (
  select
    *,
    source || ':' || source_id as candidate_id,
    monthly_value(mrr, arr, amount, has_frequency, frequency_months, start_date, end_date, term_months) as monthly
  from _contract_rows
)
select
  rows.candidate_id,
  rows.account_id,
  rows.source,
  rows.source_id,
  case
    when contracts.contract_id is not null then 'counted'
    when rows.account_id is null then 'no_account'
    when excluded.account_id is not null then 'excluded_account'
    when not coalesce(rows.is_won, false) then 'not_won'
    when not coalesce(rows.is_in_pipeline, false) then 'other_pipeline'
    when rows.start_date is null then 'no_start'
    when rows.monthly is null and rows.has_frequency and rows.frequency_months is null then 'not_recurring'
    when rows.monthly is null then 'no_value'
    when ordered.source is null then 'source_not_used'
    else 'other_source_first'
  end as verdict,
  rows.start_date,
  rows.end_date,
  rows.monthly as mrr,
  rows.currency
from rows
left join contracts on contracts.contract_id = rows.candidate_id
left join excluded on excluded.account_id = rows.account_id
left join ordered on ordered.source = rows.source
order by rows.account_id nulls last, rows.source, rows.start_date nulls last, rows.source_id;
