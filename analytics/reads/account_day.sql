-- To which of the portal's days the accounts are counted, and from what was known at which moment; and by which rules their
-- health is scored; no row without accounts.
select document ->> '$.asOf.today' as today, document ->> '$.asOf.knownAt' as known_at, document ->> '$.health.version' as health_version
from cards
limit 1;
