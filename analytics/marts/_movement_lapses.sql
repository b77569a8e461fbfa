-- The lapses that the grace covers; kept while the marts are built and not published.
from movement_lapses('_movement_terms')
