-- What some accounts are called.
select account_id, name
from accounts
where account_id in (select unnest(from_json($ids, '["VARCHAR"]')));
