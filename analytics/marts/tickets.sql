-- Tickets: one row for one request for help with an account.
-- Counts   every live ticket and every imported one, those without an account too (account_id is NULL).
-- Excludes archived tickets, and those merged into another.
-- NULL     subject of an imported one; hours_to_close while it is open or without a closing after the opening; first_reply_minutes and satisfaction where not recorded.
-- @ticket_id HubSpot's id, or the imported row's
-- @account_id the company, after merges
-- @opened_at when it was opened
-- @closed_at when it was last closed
-- @day the day it was opened on, in the portal's time zone
-- @is_open by HubSpot's flag, else by its stage, else by the lack of a closing
-- @subject what it was called
-- @priority low, medium, high, urgent, as stored
-- @category what it is about, as stored
-- @pipeline_stage the stage's label
-- @first_reply_minutes from the opening to the first answer of a person, as HubSpot or the file says
-- @hours_to_close from the opening to the closing, by the clock
-- @satisfaction what the customer gave it, on the portal's own scale
-- @via what led to the account: company, contact, deal, or account for an imported row
-- @source tickets or import
with
tickets as (
  select
    tickets.id as ticket_id,
    owner.account_id,
    tickets.opened_at,
    tickets.closed_at,
    coalesce(not tickets.is_closed, not stages.is_closed, tickets.closed_at is null) as is_open,
    tickets.subject,
    tickets.priority,
    tickets.category,
    coalesce(stages.label, tickets.stage_id) as pipeline_stage,
    tickets.first_reply_ms / 60000 as first_reply_minutes,
    tickets.satisfaction,
    owner.via,
    'tickets' as source
  from stg_tickets(getvariable('known_at')) tickets
  left join _record_accounts owner on owner.object_type = 'tickets' and owner.id = tickets.id
  left join stg_ticket_stages(getvariable('known_at')) stages
    on stages.pipeline_id = tickets.pipeline_id and stages.stage_id = tickets.stage_id
  union all
  select
    imported.id,
    accounts.account_id,
    imported.opened_at,
    imported.closed_at,
    imported.closed_at is null,
    null,
    imported.priority,
    imported.category,
    null,
    imported.first_reply_minutes,
    imported.satisfaction,
    if(accounts.account_id is null, null, 'account'),
    'import'
  from stg_imported_tickets(getvariable('known_at')) imported
  left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
)
select
  ticket_id,
  account_id,
  opened_at,
  closed_at,
  portal_day(opened_at) as day,
  is_open,
  subject,
  priority,
  category,
  pipeline_stage,
  first_reply_minutes,
  if(is_open or closed_at < opened_at, null, date_diff('millisecond', opened_at, closed_at) / 3600000) as hours_to_close,
  satisfaction,
  via,
  source
from tickets
order by opened_at, ticket_id;
