import type { Draft } from './bundle.ts';
import { moodOn } from './life.ts';
import { MESSY } from './messy.ts';
import type { AnswerPlan } from './plan-surveys.ts';
import { random, type Random } from './random.ts';
import { COMPLAINTS, NEUTRAL, PRAISE } from './words.ts';

/** Answers to NPS, CSAT and CES questions: driven by how the account feels, with noise. */
export function buildSurveys(draft: Draft): void {
  const dice = random(draft.world.seed, draft.life.account, 8);
  for (const answer of draft.plan.answers) addAnswer(draft, dice, answer);
}

function addAnswer(draft: Draft, dice: Random, { at, person, type, ticket, told }: AnswerPlan): void {
  const { life } = draft;
  const mood = moodOn(life, Math.floor(at / 86_400_000)) + 0.7 * dice.normal();
  const drawn = answerOf(type, mood);
  const answer = told === null ? drawn : npsAnswer(told.score);
  const words = answer.group === 'low' ? COMPLAINTS : answer.group === 'high' ? PRAISE : NEUTRAL;
  const text = dice.chance(0.6) ? dice.pick(words) : null;
  const contact = draft.id('contacts', person);
  const id = draft.add('feedback_submissions', {
    createdAt: at,
    properties: {
      hs_survey_type: answer.type,
      hs_survey_id: answer.type === 'NPS' ? '501' : answer.type === 'CSAT' ? '502' : '503',
      hs_survey_name: `${answer.type} survey`,
      hs_value: answer.value,
      hs_response_group: answer.label,
      hs_content:
        life.account === MESSY.wildText
          ? '=HYPERLINK("https://example.example") <img src=x onerror=alert(1)>'
          : told === null
            ? text
            : told.text,
      hs_submission_timestamp: new Date(at).toISOString(),
      hs_contact_id: contact,
    },
  });
  draft.link(['feedback_submissions', id], ['contacts', contact], 98, 97);
  if (ticket !== null)
    draft.link(['feedback_submissions', id], ['tickets', draft.id('tickets', ticket)], 100, 99);
}

type Answer = {
  type: 'NPS' | 'CSAT' | 'CES';
  value: number;
  label: string;
  group: 'low' | 'middle' | 'high';
};

function answerOf(type: Answer['type'], mood: number): Answer {
  const between = (low: number, high: number, value: number): number =>
    Math.min(high, Math.max(low, Math.round(value)));
  if (type === 'NPS') {
    return npsAnswer(between(0, 10, 7.3 + 1.9 * mood));
  }
  if (type === 'CSAT') {
    const value = between(0, 2, 1.3 + 0.6 * mood);
    return {
      type,
      value,
      group: value === 2 ? 'high' : value === 1 ? 'middle' : 'low',
      label: ['UNHAPPY', 'NEUTRAL', 'HAPPY'][value] ?? '',
    };
  }
  const value = between(1, 7, 5 + mood);
  return {
    type,
    value,
    group: value >= 6 ? 'high' : value >= 4 ? 'middle' : 'low',
    label: value >= 6 ? 'EASY' : value >= 4 ? 'NEUTRAL' : 'DIFFICULT',
  };
}

function npsAnswer(value: number): Answer {
  const group = value >= 9 ? 'high' : value >= 7 ? 'middle' : 'low';
  const label = { high: 'PROMOTER', middle: 'PASSIVE', low: 'DETRACTOR' }[group];
  return { type: 'NPS', value, group, label };
}
