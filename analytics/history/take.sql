-- Gathers the rows of one history file, attached as part.
create table if not exists gathered_objects as from part.objects limit 0;
insert into gathered_objects by name from part.objects;
create table if not exists gathered_associations as from part.associations limit 0;
insert into gathered_associations by name from part.associations;
create table if not exists gathered_definitions as from part.definitions limit 0;
insert into gathered_definitions by name from part.definitions;
create table if not exists health_scores as from part.health_scores limit 0;
insert into health_scores by name from part.health_scores;
