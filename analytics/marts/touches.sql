-- Touches: one row for one mail, call, meeting, note or task with an account.
-- Counts   every live engagement and every imported touch, those without an account too (account_id is NULL). What lies ahead, a meeting
--          that is planned or a task that is due, is a row with its future day.
-- Excludes archived records. Our own mails, notes and tasks are rows and never two-way; an imported call or meeting is taken to have
--          taken place.
-- NULL     direction where there is none (meeting, note, task) or it is not recorded.
-- @touch_id type and id of the record
-- @account_id the company, after merges
-- @contact_count how many live contacts it is linked to
-- @touched_at when it took place or is to; for a task when it was done, else when it is due
-- @day that moment's day in the portal's time zone
-- @type email, call, meeting, note or task; an import's other words stay as they are
-- @direction in or out, as the customer's word came or ours went
-- @is_two_way the customer took part: mail that came in, call that connected, meeting that was held; never what this app wrote
-- @owner_id whose touch it is: HubSpot's owner, or what the file says
-- @by_us written by this app
-- @via what led to the account: company, contact, deal, or account for an imported row
-- @source the record type, or import
with
connected as (
  select
    coalesce(
      from_json(getvariable('mapping') -> '$.touches.connected_dispositions', '["VARCHAR"]'),
      ['f240bbac-87c9-4f6e-bf70-924b57d47db7'] -- HubSpot's own outcome "Connected"
    ) as dispositions
),
touches as (
  select
    engagements.object_type || ':' || engagements.id as touch_id,
    owner.account_id,
    coalesce(owner.contact_count, 0) as contact_count,
    engagements.touched_at,
    engagements.type,
    engagements.raw_direction,
    case engagements.type
      when 'email' then engagements.raw_direction = 'INCOMING_EMAIL'
      -- the outcome a person chose says more than the line's status
      when 'call' then if(
        engagements.disposition is null,
        engagements.outcome = 'COMPLETED',
        list_contains((select dispositions from connected), engagements.disposition)
      )
      when 'meeting' then engagements.outcome = 'COMPLETED'
    end as took_part,
    engagements.owner_id,
    coalesce(is_by_us(engagements.written_by, getvariable('app_id')::varchar), false) as by_us,
    owner.via,
    engagements.object_type as source
  from stg_engagements(getvariable('known_at')) engagements
  left join _record_accounts owner on owner.object_type = engagements.object_type and owner.id = engagements.id
  union all
  select
    'import:' || imported.id,
    accounts.account_id,
    0,
    imported.touched_at,
    imported.type,
    imported.raw_direction,
    case imported.type
      when 'email' then imported.raw_direction in ('IN', 'INBOUND', 'INCOMING')
      when 'call' then true
      when 'meeting' then true
    end,
    imported.owner_id,
    false,
    if(accounts.account_id is null, null, 'account'),
    'import'
  from stg_imported_touches(getvariable('known_at')) imported
  left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
)
select
  touch_id,
  account_id,
  contact_count,
  touched_at,
  portal_day(touched_at) as day,
  type,
  case
    when raw_direction in ('IN', 'INBOUND', 'INCOMING', 'INCOMING_EMAIL') then 'in'
    when raw_direction in ('OUT', 'OUTBOUND', 'OUTGOING', 'EMAIL') then 'out'
  end as direction,
  coalesce(took_part, false) and not by_us as is_two_way,
  owner_id,
  by_us,
  via,
  source
from touches
order by touched_at, touch_id;
