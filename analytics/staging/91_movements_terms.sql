-- What of the contracts has happened by the horizon: paid and free terms with their own pause, trials left out.
create or replace temp macro movement_terms(contracts, parents) as table
  with
  units as (
    select account_id, unit_id from query_table(parents) where movement_rule('unit', 'account') = 'parent'
  ),
  dated as (
    select
      coalesce(units.unit_id, rows.account_id) as account_id,
      rows.contract_id,
      if(movement_rule('grace_scope', 'account') = 'contract', coalesce(rows.line, ''), '') as plan,
      coalesce(rows.currency, 'XXX') as currency,
      rows.mrr,
      rows.home_mrr,
      rows.start_date as starts,
      coalesce(rows.service_end_date, movement_never()) as ends,
      if(movement_rule('pause', 'own_line') = 'keep', null, rows.paused_from) as paused_from,
      coalesce(rows.paused_to, movement_never()) as paused_to
    from query_table(contracts) rows
    left join units on units.account_id = rows.account_id
    where not rows.is_trial
      and rows.mrr is not null
      and (rows.mrr >= 0 or movement_rule('negative_rows', 'subtract') = 'subtract')
      and rows.start_date < coalesce(rows.service_end_date, movement_never())
      and rows.start_date <= movement_horizon()
  ),
  mixed as (
    select account_id from dated group by account_id having min(currency) <> max(currency)
  )
  select
    dated.* exclude (paused_from, paused_to),
    if(paused_from is null, null, greatest(paused_from, starts)) as pause_starts,
    least(paused_to, ends) as pause_ends,
    coalesce(pause_starts < pause_ends, false) as has_pause,
    mixed.account_id is not null as is_mixed,
    -- Home values net several currencies; within one the rate cancels, so a missing one does no harm.
    if(is_mixed, coalesce(home_mrr, mrr), mrr) as worth,
    -- A discount is no service of its own.
    mrr >= 0 as is_service
  from dated
  left join mixed on mixed.account_id = dated.account_id;

-- The days on which time stands still: no service from one day to another, within the grace.
create or replace temp macro movement_lapses(terms) as table
  with
  reach as (
    select
      account_id, plan, currency, is_mixed, starts,
      max(ends) over (
        partition by account_id, plan order by starts rows between unbounded preceding and 1 preceding
      ) as ended
    from query_table(terms)
    where is_service
  ),
  open_lapses as (
    select account_id, plan, min(currency) as currency, bool_or(is_mixed) as is_mixed, max(ends) as ended
    from query_table(terms)
    where is_service and movement_rule('open_lapse', 'churn') = 'keep'
    group by account_id, plan
  )
  select account_id, plan, currency, is_mixed, ended as lapse_starts, starts as lapse_ends
  from reach
  where starts > ended and is_within_grace(starts - ended)
  union all
  select account_id, plan, currency, is_mixed, ended, movement_never()
  from open_lapses
  where ended <= movement_horizon() and is_within_grace(movement_horizon() + 1 - ended);
