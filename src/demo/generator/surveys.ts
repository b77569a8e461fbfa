import type { Draft } from './bundle.ts';
import { DAY_MS } from './days.ts';
import { MESSY } from './messy.ts';
import { random } from './random.ts';
import { COMPLAINTS, NEUTRAL, PRAISE } from './words.ts';

/** Answers to NPS, CSAT and CES questions: driven by the account's health, with noise. */
export function buildSurveys(draft: Draft): void {
  const { life, seed, shape, today } = draft;
  const dice = random(seed, life.account, 8);
  const first = life.terms[0]?.start ?? life.created;
  const end = Math.min(today - 2, life.churn?.day ?? today);
  for (let k = 0; k < shape.feedback_submissions; k += 1) {
    const at =
      (first + Math.round(((end - first) * (k + 1)) / (shape.feedback_submissions + 1))) * DAY_MS +
      dice.int(8, 20) * 3_600_000;
    const mood = life.health + 0.7 * dice.normal();
    const answer = answerOf(
      dice.weighted([
        ['NPS', 70],
        ['CSAT', 20],
        ['CES', 10],
      ] as const),
      mood,
    );
    const words = answer.group === 'low' ? COMPLAINTS : answer.group === 'high' ? PRAISE : NEUTRAL;
    const contact = dice.int(0, shape.contacts - 1);
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
            : dice.chance(0.6)
              ? dice.pick(words)
              : null,
        hs_submission_timestamp: new Date(at).toISOString(),
        hs_contact_id: draft.id('contacts', contact),
      },
    });
    draft.link(['feedback_submissions', id], ['contacts', draft.id('contacts', contact)], 98, 97);
    if (answer.type === 'CSAT' && shape.tickets > 0) {
      draft.link(
        ['feedback_submissions', id],
        ['tickets', draft.id('tickets', dice.int(0, shape.tickets - 1))],
        100,
        99,
      );
    }
  }
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
    const value = between(0, 10, 7.3 + 1.9 * mood);
    const group = value >= 9 ? 'high' : value >= 7 ? 'middle' : 'low';
    return { type, value, group, label: { high: 'PROMOTER', middle: 'PASSIVE', low: 'DETRACTOR' }[group] };
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
