-- The finished card of one account.
select document
from cards
where account_id = $account_id;
