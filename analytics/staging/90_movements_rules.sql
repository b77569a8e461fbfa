-- The rules of the book as the movements read them, but for those that the variable `rules` sets otherwise while steps are read another way.
-- Ends are exclusive in `contracts` already: end_day, missing_service_end, fixed_fx and merged are settled there.
create or replace temp macro movement_rule(name, fallback) as
  coalesce((getvariable('rules') ->> ('$.' || name)), (getvariable('book') ->> ('$.' || name)), fallback);

-- The last day that has happened: nothing later moves anything.
create or replace temp macro movement_horizon() as
  coalesce(try_cast(movement_rule('as_of', null) as date), try_cast(getvariable('today') as date));

-- Later than every day: what has not ended.
create or replace temp macro movement_never() as date '9999-12-31';

-- Whether a lapse of so many days keeps the value.
create or replace temp macro is_within_grace(days) as
  days <= movement_rule('grace_days', '30')::integer - (movement_rule('grace_edge', 'inclusive') = 'exclusive')::integer;

-- amount * part / whole to four decimals, cut off: exact where the part is the whole.
create or replace temp macro share_of(amount, part, whole) as
  (((amount * 10000::bigint)::hugeint * (part * 10000::bigint)::hugeint // (whole * 10000::bigint)::hugeint)::decimal(22, 0) * 0.0001)::decimal(18, 4);
