-- What an account is at the close of each day on which something changed, and what it pays in each currency.
--   paid     net value above 0
--   free     served, net value 0 or less, and kept as a customer by paid_to_free_house
--   paused   its value rests; `mrr` goes on holding what rested, so that its return can be told from a change of price
--   none     no customer
create or replace temp macro movement_states(changes) as table
  with
  running as (
    select
      account_id, currency, day, is_mixed,
      sum(mrr) over own as mrr,
      sum(home_mrr) over own as home_mrr,
      sum(rateless) over own as rateless,
      sum(worth) over own as worth,
      sum(worth) over whole as net,
      sum(paused) over whole as paused,
      sum(served) over whole as served,
      sum(lapsed) over whole > 0 as in_lapse
    from query_table(changes)
    window
      own as (partition by account_id, currency order by day rows unbounded preceding),
      whole as (partition by account_id order by day range unbounded preceding)
  ),
  phased as (
    select
      *,
      case
        when net > 0 then 'paid'
        when served = 0 then 'none'
        when paused > 0 then if(movement_rule('pause', 'own_line') = 'churn', 'none', 'paused')
        else if(movement_rule('paid_to_free_house', 'churn') = 'active', 'free', 'none')
      end as phase
    from running
  ),
  remembered as (
    select
      *,
      min(day) filter (phase = 'paid') over whole as first_paid,
      max(day) filter (phase = 'paid') over whole as last_paid,
      max(day) filter (phase = 'none') over whole as last_none
    from phased
    window whole as (partition by account_id order by day range unbounded preceding)
  ),
  judged as (
    select
      *,
      -- Free and paused are states of a customer: who never paid, or left since, is none.
      if(phase = 'paid' or last_paid > coalesce(last_none, date '0001-01-01'), phase, 'none') as state
    from remembered
  ),
  valued as (
    select
      account_id, currency, day, is_mixed, state, in_lapse,
      first_paid < day as paid_before,
      case state
        when 'paid' then {mrr: mrr::decimal(18, 4), home: if(rateless > 0, null, home_mrr::decimal(18, 4)), worth: worth::decimal(18, 4)}
        when 'paused' then null
        else {mrr: 0::decimal(18, 4), home: 0::decimal(18, 4), worth: 0::decimal(18, 4)}
      end as pays
    from judged
  )
  select
    * replace (last_value(pays ignore nulls) over (
      partition by account_id, currency order by day rows between unbounded preceding and current row
    ) as pays)
  from valued;
