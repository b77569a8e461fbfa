-- What the metrics of churn and retention are counted from. A window begins at the close of its day `opens` and ends at the close of `closes`.

-- The steps as one way of reading contracts has them.
create or replace temp macro steps_read(steps, way_moment, way_lapses, way_free) as table
  from query_table(steps)
  where moment = if(is_noticed, way_moment, 'service_end')
    and lapses = if(is_lapsed, way_lapses, 'counted')
    and free = if(is_freed, way_free, 'churn');

-- One row for each window and account that moved in it, one for each of the accounts in `listed` that was a customer and did not, and one for all
-- other customers that did not (account_id is null, members says how many). Losses and gains are positive.
create or replace temp macro window_facts(steps, windows, listed) as table
  with
  moved as (
    select
      windows.window_id,
      steps.account_id,
      1 as members,
      arg_min(state_before, day) as opened,
      arg_max(state, day) as closed,
      arg_min_null(value_before, day) as opening,
      arg_max_null(value, day) as closing,
      count(*) filter (kind = 'churn') as churns,
      bool_or(kind = 'new') as is_new,
      -- What rested comes back before it changes or is lost.
      coalesce(sum(value_before + rested_before) filter (kind = 'churn'), 0) as churned,
      coalesce(sum(greatest(-changed, 0)) filter (kind in ('contraction', 'resume')), 0) as contracted,
      coalesce(sum(greatest(changed, 0)) filter (kind in ('expansion', 'resume')), 0) as expanded,
      coalesce(sum(value) filter (kind = 'reactivation'), 0) as reactivated,
      arg_min_null(value, day) as began,
      coalesce(sum(value) filter (kind = 'new'), 0) as added,
      coalesce(sum(currency_change), 0) as currency_change,
      bool_or(value is null or value_before is null) as is_unknown
    from (
      select *, value - value_before - rested_before - currency_change as changed from query_table(steps)
    ) steps
    join query_table(windows) windows on steps.day > windows.opens and steps.day <= windows.closes
    group by windows.window_id, steps.account_id
  ),
  days as (
    select
      day,
      sum(sum((state in ('paid', 'free'))::integer - (state_before in ('paid', 'free'))::integer)) over (order by day) as members,
      sum(sum(coalesce(value, 0) - coalesce(value_before, 0))) over (order by day) as value
    from query_table(steps)
    group by day
  ),
  opened as (
    select windows.window_id, coalesce(days.members, 0) as members, coalesce(days.value, 0) as value
    from query_table(windows) windows
    asof left join days on days.day <= windows.opens
  ),
  held as (from query_table(steps) semi join query_table(listed) using (account_id)),
  stood as (
    select asked.window_id, asked.account_id, held.state, held.value
    from (
      select windows.window_id, windows.opens, holders.account_id
      from query_table(windows) windows, (select distinct account_id from held) holders
    ) asked
    asof join held on held.account_id = asked.account_id and held.day <= asked.opens
  ),
  still as (
    from stood
    anti join moved on moved.window_id = stood.window_id and moved.account_id = stood.account_id
    where state in ('paid', 'free')
  ),
  told as (
    select window_id, (opened in ('paid', 'free'))::integer as members, opening as value from moved
    union all
    select window_id, 1, value from still
  ),
  others as (
    select
      opened.window_id,
      any_value(opened.members) - coalesce(sum(told.members), 0) as members,
      any_value(opened.value) - coalesce(sum(told.value), 0) as value
    from opened
    left join told on told.window_id = opened.window_id
    group by opened.window_id
  )
  select
    * exclude (began),
    -- of what was reactivated, what took back a loss of the window
    reactivated - if(opened = 'none' and not is_new, coalesce(began, 0), 0) as returned,
    opened in ('paid', 'free') as is_open,
    -- Whoever is paused at the close is in neither numerator nor denominator.
    closed = 'paused' as is_leaving
  from (
    from moved
    union all by name
    select
      window_id, account_id, members, state as opened, state as closed, value as opening, value as closing, 0 as churns, false as is_new,
      0 as churned, 0 as contracted, 0 as expanded, 0 as reactivated, 0 as began, 0 as added, 0 as currency_change, value is null as is_unknown
    from (
      select window_id, account_id, 1 as members, state, value from still
      union all
      select window_id, null, members, 'paid', value from others where members > 0
    )
  );

-- The accounts that can count differently under different ways of reading: they moved between two days, or were not the same on the first.
create or replace temp macro accounts_in_question(steps, opens, closes) as table
  select account_id from query_table(steps) where day > opens and day <= closes
  union
  select account_id
  from (
    select account_id, moment, lapses, free, arg_max(state, day) as state, arg_max_null(value, day) as value
    from query_table(steps)
    where day <= opens and (is_noticed or is_lapsed or is_freed)
    group by all
  )
  group by account_id
  having count(distinct (state, value)) > 1
    or count(*) < (select count(distinct (moment, lapses, free)) from query_table(steps));

-- Whether what an account lost in a window is counted: by whom joined and left in it.
create or replace temp macro is_counted(is_open, is_new, is_leaving, joiner_leaver) as
  not is_leaving and case joiner_leaver when 'cohort' then is_open when 'first_time' then not is_new else true end;

-- How often an account counts as lost.
create or replace temp macro times_lost(churns, closed, returner) as
  case returner
    when 'kept' then (churns > 0 and closed = 'none')::integer
    when 'once' then least(churns, 1)
    else churns
  end;

-- What was lost by leaving.
create or replace temp macro value_lost(churns, closed, churned, returned, returner) as
  case when returner <> 'kept' then churned when churns > 0 and closed = 'none' then greatest(churned - returned, 0) else 0 end;

-- What a customer of the opening pays less at the close, below 0 where it pays more; never more than it paid, whatever rates did in between.
create or replace temp macro netted_loss(opening, closing, currency_change, churns, closed, returner) as
  case
    when closed = 'none' or (returner <> 'kept' and churns > 0) then opening
    else least(opening + currency_change - closing, opening)
  end;

-- Who was on an annual plan when a window opened, or, without any plan then, began with one in it.
create or replace temp macro annual_plans(contracts, windows) as table
  with
  held as (
    select
      windows.window_id,
      rows.account_id,
      rows.term_months >= 12 as is_annual,
      rows.start_date <= windows.opens as is_open
    from query_table(windows) windows
    join query_table(contracts) rows
      on rows.start_date <= windows.closes
      and coalesce(rows.service_end_date, date '9999-12-31') > windows.opens
    where not rows.is_trial and rows.mrr > 0 and rows.start_date < coalesce(rows.service_end_date, date '9999-12-31')
  )
  select window_id, account_id
  from held
  group by window_id, account_id
  having if(bool_or(is_open), bool_or(is_annual) filter (is_open), bool_or(is_annual));
