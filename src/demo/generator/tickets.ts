import type { Draft } from './bundle.ts';
import type { TicketPlan } from './plan-tickets.ts';
import { random, type Random } from './random.ts';
import { COMPLAINTS, TICKET_SUBJECTS } from './words.ts';

/** Tickets: new, then waiting, then closed, or waiting still. */
export function buildTickets(draft: Draft): void {
  const dice = random(draft.world.seed, draft.life.account, 18);
  for (const ticket of draft.plan.tickets) addTicket(draft, dice, ticket);
}

function addTicket(draft: Draft, dice: Random, ticket: TicketPlan): void {
  const { createdAt, answeredAt, closedAt, person, told } = ticket;
  const drawn = {
    subject: dice.pick(TICKET_SUBJECTS),
    text: dice.pick(COMPLAINTS),
    priority: dice.weighted([
      ['LOW', 40],
      ['MEDIUM', 40],
      ['HIGH', 20],
    ] as const),
  };
  const { subject, text, priority } = told ?? drawn;
  const category = dice.pick(['PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST', 'GENERAL_INQUIRY']);
  const waiting = dice.pick(['2', '3']);
  const id = draft.add('tickets', {
    createdAt,
    changes: [
      {
        at: answeredAt,
        set: { hs_pipeline_stage: waiting, time_to_first_agent_reply: answeredAt - createdAt },
      },
      ...(closedAt === null
        ? []
        : [
            {
              at: closedAt,
              set: {
                hs_pipeline_stage: '4',
                closed_date: new Date(closedAt).toISOString(),
                hs_is_closed: true,
              },
            },
          ]),
    ],
    properties: {
      createdate: new Date(createdAt).toISOString(),
      subject,
      content: text,
      hs_pipeline: '0',
      hs_pipeline_stage: '1',
      hs_ticket_priority: priority,
      hs_ticket_category: category,
      hs_is_closed: false,
    },
  });
  // As in real portals, many tickets know a contact only.
  if (dice.chance(0.6) || told !== null) {
    draft.link(['tickets', id], ['companies', draft.id('companies', 0)], 339, 340);
    draft.link(['tickets', id], ['companies', draft.id('companies', 0)], 26, 25);
  }
  draft.link(['tickets', id], ['contacts', draft.id('contacts', person)], 16, 15);
}
