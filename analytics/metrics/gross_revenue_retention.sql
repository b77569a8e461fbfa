-- Gross revenue retention (GRR)
-- @version 1
-- @unit ratio
-- @interval bootstrap
-- Counts   the monthly value of the window's opening that was neither lost nor made smaller, as gross revenue churn counts; never above 100 %
--          where only customers of the opening are looked at.
-- Over     what gross revenue churn is over.
-- Excludes what gross revenue churn excludes.
-- NULL     without a denominator.
-- By       the day on which the change lands, in the portal's time zone.
select window_id, account_id, denominator - numerator as numerator, denominator, customers
from {gross_revenue_churn}
