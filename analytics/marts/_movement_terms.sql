-- What of the contracts has happened; kept while the marts are built and not published.
from movement_terms('contracts', '_units')
