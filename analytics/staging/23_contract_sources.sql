-- Contract rows of every source with the account they belong to; which of them count is decided in the mart.
create or replace temp macro stg_deal_of_line(t) as table
  select from_id as line_id, arg_min(to_id, try_cast(to_id as hugeint)) as deal_id
  from links_known(t)
  where from_type = 'line_items' and to_type = 'deals'
  group by from_id;

create or replace temp macro stg_sourced_rows(t) as table
  with
  deals as materialized (from stg_contract_rows(t, 'deals')),
  deal_owners as materialized (select from_id, account_id from company_of(t, 'deals'))
  select rows.*, owner.account_id
  from stg_contract_rows(t, 'subscriptions') rows
  left join company_of(t, 'subscriptions') owner on owner.from_id = rows.source_id
  union all by name
  -- A line item is won, priced abroad and meant as its deal is.
  select
    rows.* replace (
      coalesce(rows.kind, deals.kind) as kind,
      rows.is_won and coalesce(deals.is_won, false) as is_won,
      rows.is_in_pipeline and coalesce(deals.is_in_pipeline, false) as is_in_pipeline,
      coalesce(rows.rate, deals.rate) as rate,
      coalesce(rows.currency, deals.currency) as currency
    ),
    owner.account_id
  from stg_contract_rows(t, 'line_items') rows
  left join stg_deal_of_line(t) link on link.line_id = rows.source_id
  left join deals on deals.source_id = link.deal_id
  left join deal_owners owner on owner.from_id = link.deal_id
  union all by name
  select rows.*, owner.account_id
  from deals rows
  left join deal_owners owner on owner.from_id = rows.source_id
  union all by name
  select rows.* replace (coalesce(rows.service_end_date, rows.churn_date) as service_end_date), rows.source_id as account_id
  from stg_contract_rows(t, 'companies') rows
  semi join stg_companies(t) companies on companies.account_id = rows.source_id
  union all by name
  select rows.*, accounts.account_id
  from stg_imported_contracts(t) rows
  left join imported_accounts(t) accounts on accounts.raw_id = rows.raw_account_id;
