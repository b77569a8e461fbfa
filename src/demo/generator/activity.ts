import type { Draft } from './bundle.ts';
import { DAY_MS } from './days.ts';
import { random, type Random } from './random.ts';
import type { GeneratedType } from './shape.ts';
import { COMPLAINTS, TICKET_SUBJECTS } from './words.ts';

const MINUTE_MS = 60_000;

/** Tickets and everything that customer success and the account said to each other. */
export function buildActivity(draft: Draft): void {
  const dice = random(draft.seed, draft.life.account, 7);
  addTickets(draft, dice);
  const { shape } = draft;
  const each = (count: number, add: (at: number) => void): void => {
    for (let k = 0; k < count; k += 1) add(moment(draft, dice));
  };
  each(shape.meetings, (at) =>
    engage(draft, 'meetings', at, [188, 187], {
      hs_meeting_title: dice.pick(['Quarterly review', 'Onboarding', 'Roadmap talk', 'Check-in']),
      hs_meeting_outcome: dice.weighted([
        ['COMPLETED', 80],
        ['NO_SHOW', 10],
        ['CANCELED', 10],
      ] as const),
      hs_meeting_start_time: new Date(at).toISOString(),
      hs_meeting_end_time: new Date(at + 45 * MINUTE_MS).toISOString(),
    }),
  );
  each(shape.calls, (at) =>
    engage(draft, 'calls', at, [182, 181], {
      hs_call_title: 'Call',
      hs_call_direction: dice.pick(['INBOUND', 'OUTBOUND']),
      hs_call_status: dice.weighted([
        ['COMPLETED', 70],
        ['NO_ANSWER', 30],
      ] as const),
      hs_call_duration: dice.int(30, 1800) * 1000,
    }),
  );
  each(shape.emails, (at) =>
    engage(draft, 'emails', at, [186, 185], {
      hs_email_subject: dice.pick([
        'Your renewal',
        'Question about the export',
        'Release notes',
        'Re: invoice',
        'Training dates',
      ]),
      hs_email_direction: dice.chance(0.4 + 0.05 * draft.life.health) ? 'INCOMING_EMAIL' : 'EMAIL',
      hs_email_status: dice.chance(0.02) ? 'BOUNCED' : 'SENT',
    }),
  );
  each(shape.notes, (at) =>
    engage(draft, 'notes', at, [190, 189], {
      hs_note_body: dice.pick([
        '<p>Champion is on leave until May.</p>',
        '<p>Wants the API limits raised.</p>',
        '<p>Budget round starts in autumn.</p>',
      ]),
    }),
  );
  each(shape.tasks, (at) =>
    engage(draft, 'tasks', at, [192, 191], {
      hs_task_subject: dice.pick(['Send the proposal', 'Book the review', 'Chase the invoice']),
      hs_task_status: dice.pick(['COMPLETED', 'NOT_STARTED']),
      hs_task_priority: dice.pick(['LOW', 'MEDIUM', 'HIGH']),
    }),
  );
}

// Some moment of the relation; more of them lie near its end than near its beginning.
function moment({ life, today }: Draft, dice: Random): number {
  const end = life.churn?.day ?? today;
  const day = end - Math.floor(dice.next() ** 1.6 * Math.max(1, end - life.created));
  return Math.min(day, today - 1) * DAY_MS + dice.int(7 * 60, 18 * 60) * MINUTE_MS;
}

function engage(
  draft: Draft,
  type: GeneratedType,
  at: number,
  typeIds: readonly [number, number],
  properties: Record<string, string | number | null>,
): void {
  const id = draft.add(type, {
    createdAt: at,
    properties: { hs_timestamp: new Date(at).toISOString(), hubspot_owner_id: draft.owner, ...properties },
  });
  draft.link([type, id], ['companies', draft.id('companies', 0)], typeIds[0], typeIds[1]);
  draft.link([type, id], ['contacts', draft.id('contacts', 0)], typeIds[0] + 12, typeIds[1] + 12);
}

function addTickets(draft: Draft, dice: Random): void {
  const { life, shape, today } = draft;
  for (let k = 0; k < shape.tickets; k += 1) {
    const at = moment(draft, dice);
    const hours = Math.round(4 * Math.exp(1.1 * dice.normal() - 0.3 * life.health) * 10) / 10;
    const closedAt = at + hours * 12 * 3_600_000;
    const isOpen = closedAt > today * DAY_MS || dice.chance(0.06);
    const id = draft.add('tickets', {
      createdAt: at,
      changes: isOpen ? [] : [closedAt],
      properties: {
        createdate: new Date(at).toISOString(),
        subject: dice.pick(TICKET_SUBJECTS),
        content: dice.pick(COMPLAINTS),
        hs_pipeline: '0',
        hs_pipeline_stage: isOpen ? dice.pick(['1', '2', '3']) : '4',
        hs_ticket_priority: dice.weighted([
          ['LOW', 40],
          ['MEDIUM', 40],
          ['HIGH', 20],
        ] as const),
        hs_ticket_category: dice.pick([
          'PRODUCT_ISSUE',
          'BILLING_ISSUE',
          'FEATURE_REQUEST',
          'GENERAL_INQUIRY',
        ]),
        closed_date: isOpen ? null : new Date(closedAt).toISOString(),
        time_to_first_agent_reply: Math.round(hours * 3_600_000),
        hs_is_closed: !isOpen,
      },
    });
    // As in real portals, many tickets know a contact only.
    if (dice.chance(0.6)) {
      draft.link(['tickets', id], ['companies', draft.id('companies', 0)], 339, 340);
      draft.link(['tickets', id], ['companies', draft.id('companies', 0)], 26, 25);
    }
    draft.link(['tickets', id], ['contacts', draft.id('contacts', dice.int(0, shape.contacts - 1))], 16, 15);
  }
}
