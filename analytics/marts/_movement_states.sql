-- What each account is, and pays, at the close of each day on which something changed: what movements and accounts are both made of; kept
-- while the marts are built and not published.
with
changes as (from movement_changes('_movement_events', '_movement_lapses'))
from movement_states('changes')
