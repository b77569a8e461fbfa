-- Renewal rate (contracts)
-- @version 1
-- @unit ratio
-- @interval wilson
-- Counts   terms that fell due in the window and went on: the contract itself, or a successor within the grace.
-- Over     terms that fell due in it and of which it is known whether they went on.
-- Excludes terms whose grace is not over, and those the mart `renewals` leaves out (trials, free contracts, terms shorter than renewal_min_months).
-- NULL     where nothing fell due.
-- By       the first day after the term, in the portal's time zone.
select
  windows.window_id,
  renewals.account_id,
  count(*) filter (outcome = 'renewed') as numerator,
  count(*) as denominator,
  1 as customers
from renewals
join windows on renewals.due_on > windows.opens and renewals.due_on <= windows.closes
where outcome in ('renewed', 'lost')
group by windows.window_id, renewals.account_id
