-- lasting
-- Of which accounts the ways of reading their steps differ at all; kept while the marts are built and not published.
with
noticed as (from contracts_at_notice('contracts')),
noticed_terms as (from movement_terms('noticed', '_units')),
noticed_lapses as (from movement_lapses('noticed_terms')),
lapses as (
  select account_id from _movement_lapses
  union
  select account_id from noticed_lapses
),
changed as (
  select distinct noticed_terms.account_id
  from noticed_terms
  join _movement_terms terms
    on terms.account_id = noticed_terms.account_id and terms.contract_id = noticed_terms.contract_id
  where terms.ends <> noticed_terms.ends
  union
  -- noticed on or before the start: not counted at all
  select account_id from _movement_terms anti join noticed_terms using (account_id, contract_id)
)
select
  account_id,
  account_id in (from changed) as has_notice,
  account_id in (from lapses) as has_lapse,
  -- free is what is served and nets to nothing: by a contract of nothing, a discount, or value that rounds to nothing at home
  bool_or(mrr <= 0 or worth <= 0) as has_free
from _movement_terms
group by account_id
