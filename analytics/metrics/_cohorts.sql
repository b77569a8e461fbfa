-- What cohorts are counted from. A member is an account, or, where a return opens a new cohort, one of its spells. Ages are whole intervals (months,
-- quarters or years of the calendar) after the one of the first paid day: age 0 is that first, partial interval.

-- The steps with the spell that each belongs to; where who returns stays in its cohort all are of the first.
create or replace temp macro cohort_spells(steps, returner) as table
  select *, 1 as spell from query_table(steps) where returner = 'original'
  union all
  select *, count(*) filter (kind in ('new', 'reactivation')) over (partition by account_id order by day) as spell
  from (from query_table(steps) where returner = 'new_cohort');

-- One row for each member: its first paid day and what it paid at that day's close (null without a rate).
create or replace temp macro cohort_members(steps, returner) as table
  select account_id, spell, min(day) as first_day, arg_min_null(value, day) as base
  from cohort_spells(steps, returner)
  group by account_id, spell;

-- One row for each member and run of ages over which it is shown as the same: state is active, paused or out, value what an active one pays.
create or replace temp macro cohort_runs(steps, grain, returner, active, as_of) as table
  with
  placed as (
    select
      account_id,
      spell,
      day,
      state in ('paid', 'free') as is_active,
      state = 'paused' as is_paused,
      state_before in ('paid', 'free') as was_active,
      state_before = 'paused' as was_paused,
      value,
      value_before,
      first_value(day) over own as first_day,
      first_value(value) over own as base,
      lead(day) over own as next_day
    from cohort_spells(steps, returner)
    window own as (partition by account_id, spell order by day)
  ),
  aged as materialized (
    select
      *,
      date_trunc(grain, first_day)::date as cohort_start,
      date_diff(grain, first_day, day) as age,
      coalesce(date_diff(grain, first_day, next_day), date_diff(grain, first_day, as_of::date) + 1) as next_age
    from placed
  ),
  -- By any day: of the intervals that were not closed as active, what there was in them before.
  closed_otherwise as (
    select account_id, spell, age from aged where active = 'any_day' and next_age > age and not is_active
  ),
  -- What was at the close of the day before is of the interval unless its first day changed it.
  days as (
    select *, day > date_trunc(grain, day)::date as is_before_within
    from aged
    semi join closed_otherwise using (account_id, spell, age)
  ),
  best as (
    select
      account_id,
      spell,
      age,
      bool_or(is_active or (was_active and is_before_within)) as had_active,
      bool_or(is_paused or (was_paused and is_before_within)) as had_paused,
      arg_max_null(if(is_active, value, value_before), day) filter (is_active or (was_active and is_before_within)) as last_value
    from days
    group by account_id, spell, age
  ),
  runs as (
    select account_id, spell, first_day, base, cohort_start, age as from_age, next_age - 1 as to_age, is_active, is_paused, value
    from aged
    anti join closed_otherwise using (account_id, spell, age)
    where next_age > age
    union all
    select account_id, spell, first_day, base, cohort_start, age + 1, next_age - 1, is_active, is_paused, value
    from aged
    semi join closed_otherwise using (account_id, spell, age)
    where next_age > age + 1
    union all
    select account_id, spell, first_day, base, cohort_start, age, age, had_active, had_paused and not had_active, last_value
    from best
    join aged using (account_id, spell, age)
    where next_age > age
  )
  select
    account_id,
    spell,
    first_day,
    cohort_start,
    from_age,
    to_age,
    case when is_active then 'active' when is_paused then 'paused' else 'out' end as state,
    if(is_active, value, 0) as value,
    base
  from runs;

-- One row for each cohort and age there has been by the day as_of: the sums of a metric's rows.
create or replace temp macro cohort_sums(counted, grain, as_of) as table
  with
  edges as (
    select cohort_start, from_age as age, numerator, denominator, left_out from query_table(counted)
    union all
    select cohort_start, to_age + 1, -numerator, -denominator, -left_out from query_table(counted)
  ),
  changes as (
    select cohort_start, age, sum(numerator) as numerator, sum(denominator) as denominator, sum(left_out) as left_out
    from edges
    group by cohort_start, age
  ),
  ages as (
    select cohort_start, unnest(range(date_diff(grain, cohort_start, as_of::date) + 1)) as age
    from (select distinct cohort_start from query_table(counted))
  )
  select
    cohort_start,
    age::integer as age,
    sum(coalesce(numerator, 0)) over own as numerator,
    sum(coalesce(denominator, 0)) over own as denominator,
    sum(coalesce(left_out, 0)) over own as left_out
  from ages
  left join changes using (cohort_start, age)
  window own as (partition by cohort_start order by age);
