import { billsOf } from './billing.ts';
import type { Life } from './life.ts';
import { MESSY } from './messy.ts';
import { random } from './random.ts';

export const USAGE_TYPE = '2-7654321';

/** The types in which records of an account exist, and the room in ids each account has for them. */
export const ROOM = {
  companies: 4,
  contacts: 16,
  deals: 64,
  line_items: 128,
  tickets: 32,
  feedback_submissions: 32,
  subscriptions: 4,
  invoices: 32,
  meetings: 16,
  calls: 16,
  emails: 32,
  notes: 8,
  tasks: 8,
  [USAGE_TYPE]: 16,
} as const;
export type GeneratedType = keyof typeof ROOM;
export const GENERATED_TYPES = Object.keys(ROOM) as GeneratedType[];

export type Shape = Record<GeneratedType, number>;

const RECENT_TERMS = 12;

/** How many records of each type an account has: cheap, so that a portal of any size can be counted without being made. */
export function shapeOf(seed: number, life: Life, today: number): Shape {
  const dice = random(seed, life.account, 2);
  const customer = life.isCustomer;
  const years = Math.min(5, life.terms.reduce((sum, term) => sum + term.months, 0) / 12);
  const trouble = Math.max(0, 1.2 - 0.7 * life.health);
  const terms =
    life.billing === 'monthly' ? Math.min(1, life.terms.length) : Math.min(RECENT_TERMS, life.terms.length);
  const expansions =
    life.billing === 'monthly'
      ? 0
      : life.terms.slice(-RECENT_TERMS).filter((term) => term.expansion !== null).length;
  const lost = customer
    ? terms > 0 && life.churn !== null && life.billing === 'yearly'
      ? 1
      : 0
    : dice.int(0, 2);
  const open = terms > 0 && life.churn === null && dice.chance(0.25) ? 1 : 0;
  const count = (mean: number, most: number): number =>
    Math.min(most, Math.floor(mean * (0.5 + dice.next())));
  const active = customer && life.churn === null;
  const surveys = customer ? count(1.2 * years + 0.6, 6) : 0;
  return {
    companies: 1,
    contacts:
      (customer ? dice.int(2, 6) : dice.int(1, 3)) + (life.account === MESSY.duplicateContact ? 1 : 0),
    deals: terms + expansions + lost + open,
    line_items: terms * 2 + expansions,
    tickets: customer ? count(1 + years * trouble * 1.6, 20) : 0,
    feedback_submissions: surveys,
    subscriptions: life.billing === 'monthly' && terms > 0 ? 1 : 0,
    invoices: billsOf(life, today).length,
    meetings: customer ? count(1 + years * (1.4 + 0.4 * life.health), 12) : dice.int(0, 1),
    calls: customer ? count(1 + years, 10) : dice.int(0, 2),
    emails: customer ? count(5 + years * 2, 24) : dice.int(1, 5),
    notes: dice.int(0, customer ? 4 : 2),
    tasks: dice.int(0, 3),
    [USAGE_TYPE]: active ? 12 : customer ? 4 : 0,
  };
}
