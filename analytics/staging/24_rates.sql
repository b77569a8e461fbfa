-- Rates of a currency to the portal's: those of the mapping, those imported, then the latest a deal carries (docs/decisions/0008).
create or replace temp macro stg_rates(t) as table
  select currency, valid_from, rate, source
  from (
    select rate."from" as currency, try_cast(rate.date as date) as valid_from, rate.rate::decimal(18, 8) as rate, 'mapping' as source, 1 as rank
    from (select unnest(from_json(getvariable('mapping') -> '$.fx', '[{"from":"VARCHAR","to":"VARCHAR","date":"VARCHAR","rate":"DOUBLE"}]')) as rate)
    where rate."to" = getvariable('home_currency')
    union all
    select upper(mapped(properties, 'from')), as_day(mapped(properties, 'date')), try_cast(mapped(properties, 'rate') as decimal(18, 8)), 'import', 1
    from objects_known(t)
    where object_type = 'import_fx' and not archived and upper(mapped(properties, 'to')) = getvariable('home_currency')
    union all
    select currency, date '1970-01-01', arg_max(rate, (recorded_at, source_id)), 'latest deal', 2
    from (
      select upper(mapped(properties, field('deals', 'currency'))) as currency, try_cast(mapped(properties, field('deals', 'rate')) as decimal(18, 8)) as rate,
        created_at as recorded_at, id as source_id
      from objects_known(t)
      where object_type = 'deals' and not archived and field('deals', 'rate') is not null
    )
    where rate > 0 and currency <> getvariable('home_currency')
    group by currency
  )
  where rate > 0
  -- where somebody gave rates for a currency, the deals are not asked; of two on one day the mapping's counts
  qualify rank = min(rank) over (partition by currency)
    and row_number() over (partition by currency, valid_from order by rank, source desc, rate) = 1;
