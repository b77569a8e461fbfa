-- How many accounts stand at each distance from their renewal, how many in each band of health, and how many there are.
select
  count(*)::integer as accounts,
  (count(*) filter (status in ('customer', 'lapsed')))::integer as customers,
  (count(*) filter (band = 'past_due'))::integer as past_due,
  (count(*) filter (band = 'within_30'))::integer as within_30,
  (count(*) filter (band = 'within_90'))::integer as within_90,
  (count(*) filter (health_band = 'risk'))::integer as risk
from account_list;
