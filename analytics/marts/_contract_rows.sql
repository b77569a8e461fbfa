-- Every row that may be a contract, with its account; kept while the marts are built and not published.
select * from stg_sourced_rows(getvariable('known_at'))
