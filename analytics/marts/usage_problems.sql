-- Usage problems: accounts that sent usage names and nobody knows; a part of the data problems, with the same columns.
-- Counts   one row for each name that leads to no account.
-- Excludes usage from other sources, which `usage` shows under NULL.
-- NULL     account_id and home_mrr, always.
-- @problem usage_without_account
-- @account_id never known
-- @record_type sent_usage
-- @record_id what the account was called
-- @evidence how many rows, and from when to when
-- @home_mrr never known
select
  'usage_without_account' as problem,
  null::varchar as account_id,
  'sent_usage' as record_type,
  raw_account_id as record_id,
  count(*) || if(count(*) = 1, ' row', ' rows') || ' of usage, ' || min(day) || if(min(day) = max(day), '', ' to ' || max(day)) as evidence,
  null::decimal(18, 4) as home_mrr
from stg_sent_usage(getvariable('known_at'))
where account_id is null
group by raw_account_id
order by raw_account_id;
