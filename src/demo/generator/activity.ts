import type { Draft } from './bundle.ts';
import { random, type Random } from './random.ts';
import type { GeneratedType } from './shape.ts';
import type { Change, Value } from './story.ts';

const MINUTE_MS = 60_000;

/** Everything that customer success and the account said to each other, and what is agreed for the coming weeks. */
export function buildActivity(draft: Draft): void {
  const dice = random(draft.world.seed, draft.life.account, 19);
  addMeetings(draft, dice);
  for (const call of draft.plan.calls) {
    engage(draft, 'calls', call, [182, 181], {
      hs_call_title: 'Call',
      hs_call_direction: call.isInbound ? 'INBOUND' : 'OUTBOUND',
      hs_call_status: call.isAnswered ? 'COMPLETED' : 'NO_ANSWER',
      hs_call_duration: dice.int(30, 1800) * 1000,
    });
  }
  addEmails(draft, dice);
  for (const note of draft.plan.notes) {
    const body = dice.pick([
      '<p>Champion is on leave until May.</p>',
      '<p>Wants the API limits raised.</p>',
      '<p>Budget round starts in autumn.</p>',
    ]);
    engage(draft, 'notes', note, [190, 189], { hs_note_body: note.text ?? body });
  }
  addTasks(draft, dice);
}

function addMeetings(draft: Draft, dice: Random): void {
  for (const meeting of draft.plan.meetings) {
    const title = dice.pick(['Quarterly review', 'Onboarding', 'Roadmap talk', 'Check-in']);
    const properties = {
      hs_meeting_title: meeting.title ?? title,
      hs_meeting_outcome: 'SCHEDULED',
      hs_meeting_start_time: new Date(meeting.at).toISOString(),
      hs_meeting_end_time: new Date(meeting.at + 45 * MINUTE_MS).toISOString(),
    };
    const decided = { at: meeting.decidedAt, set: { hs_meeting_outcome: meeting.outcome } };
    engage(draft, 'meetings', meeting, [188, 187], properties, [decided]);
  }
}

function addEmails(draft: Draft, dice: Random): void {
  for (const email of draft.plan.emails) {
    const subject = dice.pick([
      'Your renewal',
      'Question about the export',
      'Release notes',
      'Re: invoice',
      'Training dates',
    ]);
    const status = dice.chance(0.02) && email.subject === null ? 'BOUNCED' : 'SENT';
    engage(draft, 'emails', email, [186, 185], {
      hs_email_subject: email.subject ?? subject,
      hs_email_direction: email.isIncoming ? 'INCOMING_EMAIL' : 'EMAIL',
      hs_email_status: status,
    });
  }
}

function addTasks(draft: Draft, dice: Random): void {
  for (const task of draft.plan.tasks) {
    const subject = dice.pick(['Send the proposal', 'Book the review', 'Chase the invoice']);
    const properties = {
      hs_task_subject: task.subject ?? subject,
      hs_task_status: 'NOT_STARTED',
      hs_task_priority: dice.pick(['LOW', 'MEDIUM', 'HIGH']),
    };
    const { doneAt } = task;
    const done =
      doneAt === null
        ? []
        : [
            {
              at: doneAt,
              set: {
                hs_task_status: 'COMPLETED',
                hs_task_completion_date: new Date(doneAt).toISOString(),
              },
            },
          ];
    engage(draft, 'tasks', task, [192, 191], properties, done);
  }
}

function engage(
  draft: Draft,
  type: GeneratedType,
  { createdAt, at, person }: { createdAt: number; at: number; person: number },
  typeIds: readonly [number, number],
  properties: Record<string, Value>,
  changes: readonly Change[] = [],
): void {
  const id = draft.add(type, {
    createdAt,
    changes,
    properties: { hs_timestamp: new Date(at).toISOString(), hubspot_owner_id: draft.owner, ...properties },
  });
  draft.link([type, id], ['companies', draft.id('companies', 0)], typeIds[0], typeIds[1]);
  draft.link([type, id], ['contacts', draft.id('contacts', person)], typeIds[0] + 12, typeIds[1] + 12);
}
