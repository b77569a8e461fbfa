-- How many runs have ended, syncs and imports.
select count(*)::integer as ended
from mirror.sync_runs
where finished_at is not null;
