-- Customer churn
-- @version 1
-- @unit ratio
-- @interval wilson
-- Counts   customers that left in the window, by the switches of the convention: where a loss lands, whether a return takes it back, whether
--          who joined in the window counts.
-- Over     customers at the window's opening; with denominator start_plus_new also the first-time customers of the window.
-- Excludes customers whose value is paused at the close: they leave numerator and denominator.
-- NULL     without a denominator.
-- By       the day on which the loss lands, in the portal's time zone.
select
  window_id,
  account_id,
  is_counted(is_open, is_new, is_leaving, $joiner_leaver)::integer * times_lost(churns, closed, $returner) as numerator,
  members * (is_open and not is_leaving)::integer
    + ($denominator = 'start_plus_new' and is_new and not is_leaving)::integer as denominator,
  members * (is_open and not is_leaving)::integer as customers
from facts
