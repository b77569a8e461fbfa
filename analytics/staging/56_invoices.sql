-- Invoices of HubSpot and of imported files, renamed and cast.
create or replace temp macro stg_invoices(t) as table
  select
    object_type,
    id,
    mapped(properties, coalesce(setting('$.invoices.number'), 'hs_number')) as number,
    as_day(mapped(properties, coalesce(setting('$.invoices.issued'), 'hs_invoice_date'))) as issued,
    as_day(mapped(properties, coalesce(setting('$.invoices.due'), 'hs_due_date'))) as due,
    as_day(mapped(properties, setting('$.invoices.paid'))) as paid,
    as_money(mapped(properties, coalesce(setting('$.invoices.amount'), 'hs_amount_billed'))) as amount,
    as_money(mapped(properties, coalesce(setting('$.invoices.balance'), 'hs_balance_due'))) as balance,
    upper(mapped(properties, coalesce(setting('$.invoices.currency'), 'hs_currency'))) as currency,
    lower(mapped(properties, coalesce(setting('$.invoices.status'), 'hs_invoice_status'))) as status
  from live_records(t, ['invoices']);

create or replace temp macro stg_imported_invoices(t) as table
  select
    id,
    mapped(properties, 'account_id') as raw_account_id,
    mapped(properties, 'invoice_id') as number,
    as_day(mapped(properties, 'issued')) as issued,
    as_day(mapped(properties, 'due')) as due,
    as_day(mapped(properties, 'paid')) as paid,
    as_money(mapped(properties, 'amount')) as amount,
    upper(mapped(properties, 'currency')) as currency
  from live_records(t, ['import_invoices']);
