-- Companies and imported accounts as known, merged ones folded; read once for all that ask; kept while the marts are built and not published.
from stg_companies(getvariable('known_at'))
