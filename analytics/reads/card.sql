-- The finished card of an account, as UTF-8; of several where more places stand in the brackets.
select
  account_id,
  encode(document) as document
from cards
where account_id in ($1);
