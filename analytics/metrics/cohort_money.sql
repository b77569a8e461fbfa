-- cohort_money: Monthly value kept, by cohort
-- version 1
-- unit ratio
-- Counts   what the members of the cohort that are customers pay a month at the close of the interval (with cohort_active any_day: on the last of its days
--          on which they were), in the portal's currency; so it can exceed what it is taken of.
-- Over     what the members paid a month at the close of their first paid day.
-- Excludes members that are paused then; members whose value then, or on the first paid day, has no rate (left_out counts these).
-- NULL     where nothing is left that it could be taken of.
-- By       the first paid day for the cohort, and the close of the interval's last day for its cells, in the portal's time zone; of the interval that is not
--          over yet the close of the day as_of.
select
  cohort_start,
  from_age,
  to_age,
  if(is_unknown or state <> 'active', 0, value) as numerator,
  if(is_unknown or state = 'paused', 0, base) as denominator,
  is_unknown::integer as left_out
from (select *, base is null or value is null as is_unknown from runs)
