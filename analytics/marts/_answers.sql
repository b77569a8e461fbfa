-- The answers of each account as the card tells them, the newest first, with who gave them; kept while the marts are built and not published.
with
told as (
  select
    responses.account_id,
    responses.day,
    responses.source,
    {
      id: responses.response_id,
      day: responses.day,
      type: coalesce(responses.survey_type, ''),
      score: responses.score,
      "scaleMin": responses.scale_min,
      "scaleMax": responses.scale_max,
      "group": responses.nps_group,
      "hasWords": responses.text_present,
      "contactId": responses.contact_id,
      contact: people.name
    } as answer,
    row_number() over (partition by responses.account_id order by responses.answered_at desc, responses.response_id) as place
  from responses
  left join (select contact_id, any_value(name) as name from _people group by contact_id) people on people.contact_id = responses.contact_id
  where responses.account_id is not null
)
select
  account_id,
  count(*)::integer as total,
  list({day: day, source: source, answer: answer} order by place) filter (place <= 30) as answers
from told
group by account_id
