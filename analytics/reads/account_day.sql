-- To which of the portal's days the accounts are counted, and from what was known at which moment; no row without accounts.
select document ->> '$.asOf.today' as today, document ->> '$.asOf.knownAt' as known_at
from cards
limit 1;
