-- Gathers the tombstones of one history file, attached as part.
insert into gathered_tombstones by name from part.tombstones;
