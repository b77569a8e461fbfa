-- Which account imported rows mean by the ids they name; kept while the marts are built and not published.
select * from imported_accounts(getvariable('known_at'))
