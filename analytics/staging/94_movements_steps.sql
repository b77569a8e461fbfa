-- From one state to the next, for each currency: what rested or came back, what changed, and how much of the change is currency.
create or replace temp macro movement_steps(states) as table
  with
  paired as (
    select
      *,
      coalesce(lag(state) over own, 'none') as state_before,
      coalesce(lag(pays) over own, {mrr: 0::decimal(18, 4), home: 0::decimal(18, 4), worth: 0::decimal(18, 4)}) as paid,
      coalesce(lag(in_lapse) over own, false) as is_lapse
    from query_table(states)
    window own as (partition by account_id, currency order by day)
  ),
  changed as (
    select
      * exclude (pays, paid, in_lapse),
      pays.mrr as mrr, pays.home as home,
      paid.mrr as mrr_before, paid.home as home_before,
      pays.mrr - paid.mrr as change,
      pays.home - paid.home as home_change,
      pays.worth - paid.worth as worth_change,
      state not in ('none', 'paused') and state_before <> 'none' as goes_on
    from paired
    where state <> state_before or pays is distinct from paid
  ),
  revalued as (
    -- The same money at another rate: all of it where the amount stood still; else what the old rate does not explain, from half a
    -- cent on (below it is rounding), where contracts keep the rate of their start.
    select
      *,
      case
        when not goes_on then 0
        when change = 0 then coalesce(home_change, 0)
        when movement_rule('fixed_fx', 'settings_date') = 'contract_start' and mrr_before > 0 and home_before > 0
          and abs(home_change - share_of(change, home_before, mrr_before)) >= 0.005
          then home_change - share_of(change, home_before, mrr_before)
        else 0
      end::decimal(18, 4) as revaluation
    from changed
  ),
  weighed as (
    select
      *,
      case
        when change = 0 then 0
        when is_mixed then worth_change - revaluation
        else change
      end as weight
    from revalued
  ),
  netted as (
    select
      *,
      sum(greatest(weight, 0)) over day_of_account as gained,
      sum(greatest(-weight, 0)) over day_of_account as lost,
      bool_or(mrr_before <> 0) over day_of_account as had_value,
      min(currency) over day_of_account as first_currency
    from weighed
    window day_of_account as (partition by account_id, day)
  )
  select
    * exclude (gained, lost),
    if(is_switch, share_of(change, least(gained, lost), if(weight > 0, gained, lost)), 0) as switched,
    if(is_switch, share_of(home_change - revaluation, least(gained, lost), if(weight > 0, gained, lost)), 0) as home_switched
  from (select *, goes_on and weight <> 0 and gained <> 0 and lost <> 0 as is_switch from netted);
