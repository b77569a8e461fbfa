-- Gross revenue churn
-- @version 1
-- @unit ratio
-- @interval bootstrap
-- Counts   the monthly value that customers took away by leaving or paying less, in the portal's currency.
-- Over     the monthly value at the window's opening; with denominator start_plus_new also that of the window's first-time customers.
-- Excludes expansion; currency changes; customers whose value is paused at the close; values without a rate.
-- NULL     without a denominator.
-- By       the day on which the change lands, in the portal's time zone.
select
  window_id,
  account_id,
  case
    when is_unknown or not is_counted(is_open, is_new, is_leaving, $joiner_leaver) then 0
    when $contraction = 'netted' and is_open then greatest(netted_loss(opening, closing, currency_change, churns, closed, $returner), 0)
    else value_lost(churns, closed, churned, returned, $returner) + if($contraction = 'each', contracted, 0)
  end as numerator,
  if(is_unknown, 0, if(is_open and not is_leaving, opening, 0) + if($denominator = 'start_plus_new' and not is_leaving, added, 0)) as denominator,
  members * (is_open and not is_leaving and not is_unknown)::integer as customers
from facts
