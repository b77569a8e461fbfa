-- Customer retention
-- @version 1
-- @unit ratio
-- @interval wilson
-- Counts   customers of the window's opening that were not lost in it, as customer churn counts losses.
-- Over     what customer churn is over.
-- Excludes what customer churn excludes.
-- NULL     without a denominator.
-- By       the day on which the loss lands, in the portal's time zone.
select window_id, account_id, denominator - numerator as numerator, denominator, customers
from {customer_churn}
