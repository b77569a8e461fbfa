-- Invoices: one row for one bill to an account, with how late it was paid.
-- Counts   every live invoice and every imported one in whatever status, those without an account too (account_id is NULL).
-- Excludes archived invoices.
-- NULL     days_late while it is neither paid nor past due, without a due day, when it was paid on a day nobody recorded, and for drafts and voided ones.
-- @invoice_id HubSpot's id, or the imported row's
-- @account_id the company, after merges
-- @number the number on it
-- @issued the day of the invoice
-- @due the last day to pay it
-- @paid the day it was paid in full
-- @amount what was asked for, in its own currency
-- @balance what is still owed
-- @currency its currency; where the source names none, the portal's
-- @status draft, open, paid, voided, as stored; open or paid for imported rows
-- @days_late days from due to paid, 0 when in time; while unpaid the days since it fell due
-- @via what led to the account: company, contact, deal, or account for an imported row
-- @source invoices or import
with
invoices as (
  select
    invoices.id as invoice_id,
    owner.account_id,
    invoices.number,
    invoices.issued,
    invoices.due,
    invoices.paid,
    invoices.amount,
    invoices.balance,
    invoices.currency,
    invoices.status,
    owner.via,
    'invoices' as source
  from stg_invoices(getvariable('known_at')) invoices
  left join _record_accounts owner on owner.object_type = 'invoices' and owner.id = invoices.id
  union all
  select
    imported.id,
    accounts.account_id,
    imported.number,
    imported.issued,
    imported.due,
    imported.paid,
    imported.amount,
    if(imported.paid is null, imported.amount, 0),
    imported.currency,
    if(imported.paid is null, 'open', 'paid'),
    if(accounts.account_id is null, null, 'account'),
    'import'
  from stg_imported_invoices(getvariable('known_at')) imported
  left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
)
select
  invoice_id,
  account_id,
  number,
  issued,
  due,
  paid,
  amount,
  balance,
  coalesce(currency, getvariable('home_currency')) as currency,
  status,
  case
    when status in ('draft', 'voided') then null
    when due is null then null
    when paid is not null then greatest(date_diff('day', due, paid), 0)
    -- settled without a day of payment: nobody can say how late
    when status = 'paid' or balance <= 0 then null
    when due < getvariable('today') then date_diff('day', due, getvariable('today'))
  end::integer as days_late,
  via,
  source
from invoices
order by issued, invoice_id;
