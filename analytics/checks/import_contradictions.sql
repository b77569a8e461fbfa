-- What imported rows say against each other: one row for each check that found something.
-- Counts   open versions of imported rows, of every file; `of` says how many could have shown it.
-- Excludes what a single row cannot be read without: that is rejected at the import.
-- NULL     never.
select
  "check",
  any_value(sentence) as sentence,
  (count(*) filter (is_found))::integer as found,
  count(*)::integer as "of",
  list_sort((min(example, 3) filter (is_found))) as examples
from import_checks('infinity'::timestamptz, $within_days)
group by "check"
having found > 0
order by "check";
