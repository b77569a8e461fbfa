-- Responses: one row for one answer to a survey, with the account of whoever gave it.
-- Counts   every live feedback submission and every imported response, those without an account too (account_id is NULL).
-- Excludes archived answers. The words of an answer are never here.
-- NULL     score where none can be used (is_out_of_scale says so for NPS, CSAT and CES), nps_group for all but NPS on 0 to 10, the scale where it is not known.
-- @response_id HubSpot's id, or the imported row's
-- @account_id the company, after merges
-- @contact_id who answered: HubSpot's id after merges, or what the file says
-- @survey_type NPS, CSAT, CES, or HubSpot's word for another kind
-- @score the answer on its own scale; never to be pooled with another scale
-- @scale_min the lowest answer the scale has
-- @scale_max the highest answer the scale has
-- @nps_group promoter, passive or detractor
-- @is_out_of_scale the survey asks for a number and the answer is empty, no number, or outside the scale
-- @text_present whether words were written
-- @answered_at when it was given
-- @day that moment's day in the portal's time zone
-- @month the first day of that day's month
-- @via what led to the account: contact, ticket, or account for an imported row
-- @source feedback_submissions or import
with
merged_contacts as (
  select loser, winner from merges_known(getvariable('known_at')) where object_type = 'contacts'
),
answers as (
  select
    feedback.id,
    owner.account_id,
    coalesce(owner.contact_id, merged_contacts.winner, feedback.raw_contact_id) as contact_id,
    feedback.survey_type,
    feedback.raw_score,
    -- HubSpot's own scales
    case feedback.survey_type when 'NPS' then 0 when 'CSAT' then 0 when 'CES' then 1 end::double as scale_min,
    case feedback.survey_type when 'NPS' then 10 when 'CSAT' then 2 when 'CES' then 7 end::double as scale_max,
    feedback.text_present,
    feedback.answered_at,
    owner.via,
    'feedback_submissions' as source
  from stg_feedback(getvariable('known_at')) feedback
  left join _record_accounts owner on owner.object_type = 'feedback_submissions' and owner.id = feedback.id
  left join merged_contacts on merged_contacts.loser = feedback.raw_contact_id
  union all
  select
    imported.id,
    accounts.account_id,
    imported.contact_id,
    imported.survey_type,
    imported.raw_score,
    coalesce(imported.scale_min, case imported.survey_type when 'NPS' then 0 when 'CES' then 1 end),
    coalesce(imported.scale_max, case imported.survey_type when 'NPS' then 10 when 'CES' then 7 end),
    imported.text_present,
    imported.answered_at,
    if(accounts.account_id is null, null, 'account'),
    'import'
  from stg_imported_responses(getvariable('known_at')) imported
  left join _imported_accounts accounts on accounts.raw_id = imported.raw_account_id
),
scored as (
  select
    *,
    case
      when not isfinite(raw_score) or raw_score < scale_min or raw_score > scale_max then null
      else raw_score
    end as score
  from answers
)
select
  id as response_id,
  account_id,
  contact_id,
  survey_type,
  score,
  scale_min,
  scale_max,
  case
    when survey_type <> 'NPS' or scale_min <> 0 or scale_max <> 10 then null
    when score >= 9 then 'promoter'
    when score >= 7 then 'passive'
    when score >= 0 then 'detractor'
  end as nps_group,
  coalesce(survey_type in ('NPS', 'CSAT', 'CES'), false) and score is null as is_out_of_scale,
  text_present,
  answered_at,
  portal_day(answered_at) as day,
  date_trunc('month', portal_day(answered_at))::date as month,
  via,
  source
from scored
order by answered_at, response_id;
