-- Gathers the history of properties of one history file, attached as part.
insert into property_versions by name from part.property_versions;
