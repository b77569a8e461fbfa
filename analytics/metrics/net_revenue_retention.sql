-- Net revenue retention (NRR)
-- @version 1
-- @unit ratio
-- @interval bootstrap
-- Counts   the monthly value of the window's opening, less what was lost, with what was added, as net revenue churn counts; above 100 % where
--          more was added than lost (negative churn).
-- Over     what net revenue churn is over.
-- Excludes what net revenue churn excludes.
-- NULL     without a denominator.
-- By       the day on which the change lands, in the portal's time zone.
select window_id, account_id, denominator - numerator as numerator, denominator, customers
from {net_revenue_churn}
