-- The scores that were given in the file's month.
select * from mirror.health_scores
where known_from >= $begins::timestamptz and known_from < $ends::timestamptz
order by day, account_id;
