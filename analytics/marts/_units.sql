-- Which account another one is counted with: none, unless the unit is the parent; kept while the marts are built and not published.
select account_id, unit_id from stg_units(getvariable('known_at'))
