-- Purchases: one row for one purchase outside of contracts.
-- Counts   every imported purchase, those without an account too (account_id is NULL); refunds with the sign the file gives them.
-- Excludes archived rows. HubSpot's own orders are not read.
-- NULL     a value that the file lacks or that cannot be read.
-- @purchase_id the imported row's id
-- @account_id the account it belongs to
-- @day the day of the purchase
-- @amount in its own currency
-- @currency its currency; where the file names none, the book's
-- @units how many pieces
-- @source import
select
  imported.id as purchase_id,
  accounts.account_id,
  imported.day,
  imported.amount,
  coalesce(imported.currency, getvariable('home_currency')) as currency,
  imported.units,
  'import' as source
from stg_imported_purchases(getvariable('known_at')) imported
left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
order by imported.day, imported.id;
