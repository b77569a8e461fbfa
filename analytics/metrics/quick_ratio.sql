-- Quick ratio
-- @version 1
-- @unit ratio
-- @interval bootstrap
-- Counts   monthly value gained in the window: new, expansion and reactivation, by the house's movements, in the portal's currency.
-- Over     monthly value lost in it: churn and contraction.
-- Excludes pause, resume and currency; values without a rate.
-- NULL     where nothing was lost.
-- By       the day of the movement, in the portal's time zone.
select
  windows.window_id,
  movements.account_id,
  coalesce(sum(home_amount) filter (kind in ('new', 'expansion', 'reactivation')), 0) as numerator,
  coalesce(-sum(home_amount) filter (kind in ('churn', 'contraction')), 0) as denominator,
  1 as customers
from movements
join windows on movements.day > windows.opens and movements.day <= windows.closes
where kind in ('new', 'expansion', 'reactivation', 'churn', 'contraction')
group by windows.window_id, movements.account_id
