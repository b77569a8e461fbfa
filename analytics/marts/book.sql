-- Book: what the published tables were computed with, in one row.
-- Counts   one row.
-- Excludes nothing.
-- NULL     what the book leaves open.
-- @known_at only what was known at this moment was read
-- @today the last day that has happened for these tables, in the portal's time zone
-- @first_day the day of the first movement
-- @home_currency the currency of sums
-- @time_zone days are of this zone
-- @first_month reports begin here
-- @recording_since the day from which losses were recorded
-- @grace_days a lapse of so many days is none, in the house's way of reading
-- @rules the whole book, as JSON
select
  getvariable('known_at') as known_at,
  movement_horizon() as today,
  (select min(day) from movements) as first_day,
  getvariable('home_currency')::varchar as home_currency,
  getvariable('time_zone')::varchar as time_zone,
  (getvariable('book') ->> '$.first_month')::date as first_month,
  (getvariable('book') ->> '$.recording_since')::date as recording_since,
  (getvariable('book') ->> '$.grace_days')::integer as grace_days,
  getvariable('book')::json as rules;
