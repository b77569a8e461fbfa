-- Renewal rate (value available to renew)
-- @version 1
-- @unit ratio
-- @interval bootstrap
-- Counts   the monthly value that fell due in the window and went on, no more of a contract than was due.
-- Over     the monthly value that fell due in it and of which it is known whether it went on (available to renew).
-- Excludes terms whose grace is not over; values without a rate; what the mart `renewals` leaves out.
-- NULL     where nothing fell due.
-- By       the first day after the term, in the portal's time zone.
select
  windows.window_id,
  renewals.account_id,
  coalesce(sum(least(coalesce(next_home_mrr, home_mrr), home_mrr)) filter (outcome = 'renewed'), 0) as numerator,
  coalesce(sum(home_mrr), 0) as denominator,
  1 as customers
from renewals
join windows on renewals.due_on > windows.opens and renewals.due_on <= windows.closes
where outcome in ('renewed', 'lost') and home_mrr is not null
group by windows.window_id, renewals.account_id
