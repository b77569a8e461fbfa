import type { Plan } from './plan.ts';

export const USAGE_TYPE = '2-7654321';

/** The types in which records of an account exist, and the room in ids each account has for them. */
export const ROOM = {
  companies: 4,
  contacts: 16,
  deals: 64,
  line_items: 128,
  tickets: 128,
  feedback_submissions: 128,
  subscriptions: 4,
  invoices: 128,
  meetings: 64,
  calls: 64,
  emails: 128,
  notes: 64,
  tasks: 64,
  [USAGE_TYPE]: 64,
} as const;
export type GeneratedType = keyof typeof ROOM;
export const GENERATED_TYPES = Object.keys(ROOM) as GeneratedType[];

export type Shape = Record<GeneratedType, number>;

/** How many records of each type an account has by the end of its story. */
export function shapeOf(plan: Plan): Shape {
  return {
    companies: 1,
    contacts: plan.people.length,
    deals: plan.deals.length,
    line_items: plan.items.length,
    tickets: plan.tickets.length,
    feedback_submissions: plan.answers.length,
    subscriptions: plan.subscriptions.length,
    invoices: plan.bills.length,
    meetings: plan.meetings.length,
    calls: plan.calls.length,
    emails: plan.emails.length,
    notes: plan.notes.length,
    tasks: plan.tasks.length,
    [USAGE_TYPE]: plan.usage.length,
  };
}
