-- cohort_logos: Customers kept, by cohort
-- version 1
-- unit ratio
-- Counts   members of the cohort that are customers at the close of the interval (with cohort_active any_day: on any of its days). Who comes back counts
--          again in the cohort it began in (with cohort_returner new_cohort: in the cohort of its return, and no more in the old one).
-- Over     all members of the cohort.
-- Excludes members that are paused then: they leave numerator and denominator (left_out).
-- NULL     where all members are paused.
-- By       the first paid day for the cohort, and the close of the interval's last day for its cells, in the portal's time zone; of the interval that is not
--          over yet the close of the day as_of.
select
  cohort_start,
  from_age,
  to_age,
  (state = 'active')::integer as numerator,
  (state <> 'paused')::integer as denominator,
  (state = 'paused')::integer as left_out
from runs
