-- What moved the value of all accounts from the opening of some months to their close, by the house's movements; in the portal's currency.
select
  case when day < $first::date then 'opening' else kind end as kind,
  coalesce(sum(home_amount), 0)::double as amount,
  count(distinct account_id)::integer as accounts
from movements
where day <= $last::date
group by all
order by kind;
