-- The first rules of health, the same for every account: what is measured, its weight, and the values that give 0 and 100 points. Chosen by
-- experience and not yet tested against who left; the version says so.
create or replace temp macro health_version() as 'house-1';
create or replace temp macro health_rules() as table
  select *
  from (
    values
      ('nps', 25, 'points', 3.0, 10.0),
      ('usage', 25, 'percent', 20.0, 60.0),
      ('contact', 20, 'days', 90.0, 14.0),
      ('tickets', 20, 'tickets', 6.0, 0.0),
      ('invoices', 10, 'days', 45.0, 0.0)
  ) rules(measure, weight, unit, worst, best);
-- Below this share of the weights there is too little to give a score.
create or replace temp macro health_least_coverage() as 50;
create or replace temp macro health_band(score) as case when score >= 70 then 'good' when score >= 45 then 'watch' when score is not null then 'risk' end;
