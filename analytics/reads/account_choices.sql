-- What the account list can be filtered by: each value of each field that any account has, with how many accounts would be shown beside the
-- filters of the other fields. The filters are those of account_page.sql; '' stands for what is not known.
with
asked as (
  select from_json(
    $filters,
    '{"words": ["VARCHAR"], "status": ["VARCHAR"], "band": ["VARCHAR"], "health": ["VARCHAR"], "owner": ["VARCHAR"], "plan": ["VARCHAR"], "segment": ["VARCHAR"]}'
  ) as filters
),
judged as (
  select
    account_list.*,
    not list_bool_or(list_transform(filters.words, lambda word: not (
      contains(lower(strip_accents(concat_ws(' ', name, domain, owner))), lower(strip_accents(word)))
      or account_id = word
    ))) is true as by_words,
    len(filters.status) = 0 or list_contains(filters.status, status) as by_status,
    len(filters.band) = 0 or list_contains(filters.band, coalesce(band, '')) as by_band,
    len(filters.health) = 0 or list_contains(filters.health, coalesce(health_band, '')) as by_health,
    len(filters.owner) = 0 or list_contains(filters.owner, coalesce(owner_id, '')) as by_owner,
    len(filters.plan) = 0 or list_contains(filters.plan, coalesce(plan, '')) as by_plan,
    len(filters.segment) = 0 or list_contains(filters.segment, coalesce(segment, '')) as by_segment
  from account_list
  cross join asked
),
choices as (
  select 'status' as field, status as value, null as label,
    count(*) filter (by_words and by_band and by_health and by_owner and by_plan and by_segment) as accounts
  from judged
  group by status
  union all
  select 'band', coalesce(band, ''), null,
    count(*) filter (by_words and by_status and by_health and by_owner and by_plan and by_segment)
  from judged
  group by band
  union all
  select 'health', coalesce(health_band, ''), null,
    count(*) filter (by_words and by_status and by_band and by_owner and by_plan and by_segment)
  from judged
  group by health_band
  union all
  select 'owner', coalesce(owner_id, ''), max(owner),
    count(*) filter (by_words and by_status and by_band and by_health and by_plan and by_segment)
  from judged
  group by owner_id
  union all
  select 'plan', coalesce(plan, ''), null,
    count(*) filter (by_words and by_status and by_band and by_health and by_owner and by_segment)
  from judged
  group by coalesce(plan, '')
  union all
  select 'segment', coalesce(segment, ''), null,
    count(*) filter (by_words and by_status and by_band and by_health and by_owner and by_plan)
  from judged
  group by coalesce(segment, '')
)
select field, value, label, accounts::integer as accounts
from choices
order by field, value = '', lower(coalesce(label, value)), value;
