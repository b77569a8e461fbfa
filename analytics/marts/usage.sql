-- Usage: how much an account used a feature on a day (or in the month that begins on it, as the source counts), one row for each
-- account, day, feature and source.
-- Counts   every live record of the mapped usage object, the active users on the company itself (on the day the company was last
--          changed, since its number has no date of its own), every imported row and every row sent to the address for usage; what
--          reaches no account stands under NULL.
-- Excludes archived records. Sources are never added to each other.
-- NULL     count or active_users where the source has none; day where it cannot be read.
-- @account_id the company, after merges
-- @day the day
-- @feature what was used; NULL where the source does not say
-- @count how often, summed over the rows of the day
-- @active_users how many people; the largest of the day's rows, as people cannot be added up
-- @records how many records stand behind the line
-- @source the record type, import, or api for what was sent
with
counted as (
  select owner.account_id, records.day, records.feature, records.count, records.active_users, records.object_type as source
  from stg_usage_records(getvariable('known_at')) records
  left join _record_accounts owner on owner.object_type = records.object_type and owner.id = records.id
  union all
  select account_id, day, 'monthly active users', null, active_users, 'companies'
  from stg_active_users(getvariable('known_at'))
  union all
  select
    coalesce(accounts.account_id, contracts.account_id),
    imported.day,
    imported.feature,
    imported.count,
    null,
    'import'
  from stg_imported_usage(getvariable('known_at')) imported
  left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
  left join imported_contract_accounts(getvariable('known_at')) contracts on contracts.raw_id = imported.raw_contract_id
  union all
  select account_id, day, feature, count, active_users, 'api'
  from stg_sent_usage(getvariable('known_at'))
)
select
  account_id,
  day,
  feature,
  sum(count)::decimal(18, 4) as count,
  max(active_users) as active_users,
  count(*)::integer as records,
  source
from counted
group by account_id, day, feature, source
order by day, account_id, feature, source;
