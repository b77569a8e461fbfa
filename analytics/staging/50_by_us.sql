-- Whether this app made or set something: HubSpot notes the number of an app beside what it wrote. Nobody knows where our own number is
-- not known; what carries none was not ours.
create or replace temp macro is_by_us(source_id, app_id) as if(app_id is null, null, coalesce(source_id = app_id, false));
