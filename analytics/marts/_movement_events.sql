-- What each contract adds and takes away, by day; kept while the marts are built and not published.
from movement_events('_movement_terms', '_movement_lapses')
