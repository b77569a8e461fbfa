import { addMonths } from './days.ts';
import { lastDay, type Leaving, type Life, type Term } from './life.ts';
import { renewedUntil } from './messy.ts';
import { SMALLEST_WITH_NAMES, type World } from './world.ts';

/**
 * Accounts that have a name and a story, for whoever wants to see what the product makes of one. Days are counted from the anchor: -80 is eighty
 * days before it. After the anchor they live on as all others do.
 */
export interface Story {
  name: string;
  industry: string;
  life: Pick<Life, 'health' | 'plan' | 'currency' | 'noticeDays'> & { created: number };
  terms: readonly StoryTerm[];
  people: readonly { first: string; last: string; job: string; role: string; from: number; left?: number }[];
  /** asked for a score from 0 to 10; null: did not answer */
  asked: readonly { day: number; person: number; score: number | null; text?: string }[];
  tickets: readonly { day: number; subject: string; text: string; days: number | null; priority: string }[];
  meetings: readonly { day: number; title: string; outcome: 'COMPLETED' | 'NO_SHOW' | 'CANCELED' }[];
  calls: readonly { day: number; isInbound: boolean; isAnswered: boolean }[];
  emails: readonly { day: number; isIncoming: boolean; subject: string }[];
  notes: readonly { day: number; text: string }[];
  tasks: readonly { day: number; due: number; subject: string; isDone: boolean }[];
  /** from that day on, so much of its usual use */
  usage: readonly (readonly [day: number, share: number])[];
  sentiment: readonly (readonly [day: number, word: 'Positive' | 'Neutral' | 'Negative'])[];
  /** how many days after they are due the invoices of each term are paid; null: not until the end of the story */
  paidAfter: readonly (number | null)[];
}

interface StoryTerm {
  kind: Term['kind'];
  /** the first day of a year of service */
  start: number;
  mrr: number;
  expansion?: { day: number; mrr: number };
  leaves?: Leaving;
}

const ALDER: Story = {
  name: 'Alder & Finch Logistics',
  industry: 'LOGISTICS_AND_SUPPLY_CHAIN',
  life: { health: 1.5, plan: 'Scale', currency: 'USD', noticeDays: 60, created: -870 },
  // The current year ends a hundred days after the anchor, so that notice is due forty days after it.
  terms: [
    { kind: 'new', start: -630, mrr: 3200, expansion: { day: -420, mrr: 700 } },
    { kind: 'renewal', start: -265, mrr: 4000, expansion: { day: -118, mrr: 900 } },
  ],
  people: [
    { first: 'Nora', last: 'Alder', job: 'Chief Operating Officer', role: 'DECISION_MAKER', from: -869 },
    { first: 'Tom', last: 'Finch', job: 'Head of Dispatch', role: 'CHAMPION', from: -800 },
    { first: 'Ines', last: 'Okafor', job: 'Head of Finance', role: 'BUDGET_HOLDER', from: -640 },
    { first: 'Sami', last: 'Lindqvist', job: 'Team Lead', role: 'END_USER', from: -410 },
  ],
  asked: [
    { day: -520, person: 1, score: 9, text: 'Dispatch runs on it.' },
    { day: -520, person: 2, score: null },
    { day: -330, person: 1, score: 10, text: 'Saves our team an afternoon a week.' },
    { day: -330, person: 0, score: 9 },
    { day: -95, person: 1, score: 10, text: 'We told two other carriers about you.' },
    { day: -95, person: 3, score: 9 },
    { day: -95, person: 2, score: null },
  ],
  tickets: [
    {
      day: -480,
      subject: 'Question about permissions',
      text: 'Two depots, one login?',
      days: 1,
      priority: 'LOW',
    },
    { day: -160, subject: 'Export stops halfway', text: 'At 50,000 rows.', days: 2, priority: 'MEDIUM' },
  ],
  meetings: [
    { day: -560, title: 'Onboarding', outcome: 'COMPLETED' },
    { day: -430, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -340, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -240, title: 'Roadmap talk', outcome: 'COMPLETED' },
    { day: -130, title: 'Second depot', outcome: 'COMPLETED' },
    { day: -12, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: 9, title: 'Quarterly review', outcome: 'COMPLETED' },
  ],
  calls: [{ day: -125, isInbound: true, isAnswered: true }],
  emails: [
    { day: -425, isIncoming: true, subject: 'More seats for the second shift' },
    { day: -121, isIncoming: true, subject: 'Please add the depot in Bremen' },
    { day: -30, isIncoming: false, subject: 'Release notes' },
    { day: -16, isIncoming: true, subject: 'Re: agenda for the review' },
  ],
  notes: [{ day: -12, text: '<p>Opens a third depot in spring.</p>' }],
  tasks: [{ day: -10, due: 14, subject: 'Send the proposal', isDone: true }],
  usage: [
    [-900, 0.8],
    [-420, 1],
    [-118, 1.25],
  ],
  sentiment: [
    [-500, 'Neutral'],
    [-340, 'Positive'],
  ],
  paidAfter: [-4, -6],
};

const BIRCHWOOD: Story = {
  name: 'Birchwood Clinics',
  industry: 'HOSPITAL_HEALTH_CARE',
  life: { health: -0.6, plan: 'Growth', currency: 'EUR', noticeDays: 45, created: -740 },
  terms: [
    { kind: 'new', start: -655, mrr: 1450 },
    {
      kind: 'renewal',
      start: -290,
      mrr: 1500,
      // What has not happened yet on the day of the anchor.
      leaves: { noticed: 27, reason: 'lost_champion', kind: 'voluntary' },
    },
  ],
  people: [
    { first: 'Greta', last: 'Moreau', job: 'Chief Operating Officer', role: 'DECISION_MAKER', from: -739 },
    { first: 'Hugo', last: 'Silva', job: 'Operations Manager', role: 'CHAMPION', from: -700, left: -112 },
    { first: 'Priya', last: 'Vogel', job: 'Head of Finance', role: 'BUDGET_HOLDER', from: -600 },
    { first: 'Rosa', last: 'Yilmaz', job: 'Analyst', role: 'END_USER', from: -380 },
  ],
  asked: [
    { day: -430, person: 1, score: 9, text: 'The people are kind and the reports are right.' },
    { day: -430, person: 2, score: null },
    { day: -232, person: 1, score: 6, text: 'Fine, though nobody here has the time for it.' },
    { day: -232, person: 3, score: null },
    { day: -48, person: 3, score: 3, text: 'Our champion left and nobody else knows how it works.' },
    { day: -48, person: 0, score: null },
    { day: -48, person: 2, score: null },
  ],
  tickets: [
    {
      day: -300,
      subject: 'Cannot invite a colleague',
      text: 'The invitation never arrives.',
      days: 3,
      priority: 'LOW',
    },
    {
      day: -96,
      subject: 'Question about permissions',
      text: 'Who is our administrator now?',
      days: 9,
      priority: 'MEDIUM',
    },
    {
      day: -41,
      subject: 'Report shows last month',
      text: 'Nobody here can change it.',
      days: null,
      priority: 'HIGH',
    },
  ],
  meetings: [
    { day: -640, title: 'Onboarding', outcome: 'COMPLETED' },
    { day: -470, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -310, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -172, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -80, title: 'Goodbye and handover', outcome: 'COMPLETED' },
    { day: -33, title: 'Quarterly review', outcome: 'NO_SHOW' },
  ],
  calls: [{ day: -55, isInbound: false, isAnswered: false }],
  emails: [
    { day: -113, isIncoming: true, subject: 'My last week at Birchwood' },
    { day: -62, isIncoming: false, subject: 'Who takes over from Hugo?' },
    { day: -36, isIncoming: false, subject: 'Training dates' },
    { day: -14, isIncoming: false, subject: 'Your renewal' },
  ],
  notes: [{ day: -80, text: '<p>Hugo leaves; no successor named. Priya decides about the budget.</p>' }],
  tasks: [{ day: -13, due: 5, subject: 'Find a new champion', isDone: false }],
  usage: [
    [-800, 1],
    [-120, 0.75],
    [-85, 0.55],
    [-55, 0.4],
    [-25, 0.28],
  ],
  sentiment: [
    [-600, 'Positive'],
    [-232, 'Neutral'],
    [-48, 'Negative'],
  ],
  paidAfter: [3, 21],
};

const COBALT: Story = {
  name: 'Cobalt Robotics',
  industry: 'COMPUTER_SOFTWARE',
  life: { health: -0.9, plan: 'Scale', currency: 'USD', noticeDays: 60, created: -1210 },
  terms: [
    { kind: 'new', start: -1125, mrr: 3600 },
    { kind: 'renewal', start: -760, mrr: 3800 },
    {
      kind: 'renewal',
      start: -395,
      mrr: 3800,
      leaves: { noticed: -97, reason: 'competitor', kind: 'voluntary' },
    },
  ],
  people: [
    {
      first: 'Viktor',
      last: 'Nakamura',
      job: 'Chief Operating Officer',
      role: 'DECISION_MAKER',
      from: -1209,
    },
    { first: 'Lena', last: 'Halloran', job: 'Engineer', role: 'CHAMPION', from: -1100 },
    { first: 'Oskar', last: 'Gruber', job: 'Head of Finance', role: 'BUDGET_HOLDER', from: -700 },
  ],
  asked: [
    { day: -500, person: 1, score: 8, text: 'Does what it says.' },
    { day: -500, person: 2, score: null },
    { day: -310, person: 1, score: 6, text: 'Too slow since the last release.' },
    { day: -140, person: 1, score: 4, text: 'A competitor does all of this for half.' },
    { day: -140, person: 0, score: null },
  ],
  tickets: [
    {
      day: -420,
      subject: 'Dashboard is slow in the morning',
      text: 'Twenty seconds.',
      days: 6,
      priority: 'MEDIUM',
    },
    { day: -285, subject: 'Webhook arrives twice', text: 'We order twice.', days: 14, priority: 'HIGH' },
    { day: -190, subject: 'Dashboard is slow in the morning', text: 'Again.', days: 21, priority: 'HIGH' },
  ],
  meetings: [
    { day: -600, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -400, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -200, title: 'Quarterly review', outcome: 'CANCELED' },
    { day: -104, title: 'Escalation', outcome: 'COMPLETED' },
  ],
  calls: [{ day: -99, isInbound: true, isAnswered: true }],
  emails: [
    { day: -188, isIncoming: true, subject: 'Still slow' },
    { day: -97, isIncoming: true, subject: 'Notice of termination' },
    { day: -96, isIncoming: false, subject: 'Re: Notice of termination' },
    { day: -32, isIncoming: true, subject: 'Export of our data' },
  ],
  notes: [{ day: -104, text: '<p>They are trying another product since spring.</p>' }],
  tasks: [{ day: -103, due: -98, subject: 'Send the proposal', isDone: true }],
  usage: [
    [-1200, 1],
    [-200, 0.8],
    [-130, 0.5],
    [-95, 0.2],
  ],
  sentiment: [
    [-700, 'Neutral'],
    [-190, 'Negative'],
  ],
  paidAfter: [2, 5, 9],
};

const DUNE: Story = {
  name: 'Dune Analytics',
  industry: 'FINANCIAL_SERVICES',
  life: { health: -0.4, plan: 'Growth', currency: 'GBP', noticeDays: 30, created: -890 },
  terms: [
    { kind: 'new', start: -800, mrr: 2300 },
    { kind: 'renewal', start: -435, mrr: 2400 },
    // Its bill was due forty days before the anchor.
    { kind: 'renewal', start: -70, mrr: 1500 },
  ],
  people: [
    { first: 'Femi', last: 'Weaver', job: 'Chief Operating Officer', role: 'DECISION_MAKER', from: -889 },
    { first: 'Zofia', last: 'Tanaka', job: 'Analyst', role: 'CHAMPION', from: -820 },
    { first: 'Quentin', last: 'Brandt', job: 'Head of Finance', role: 'BUDGET_HOLDER', from: -500 },
  ],
  asked: [
    { day: -460, person: 1, score: 8 },
    { day: -270, person: 1, score: 7, text: 'We use a third of it.' },
    { day: -270, person: 2, score: null },
    { day: -60, person: 1, score: 5, text: 'Three tickets open and nobody calls back.' },
    { day: -60, person: 2, score: null },
  ],
  tickets: [
    { day: -350, subject: 'Integration lost its token', text: 'Every Monday.', days: 4, priority: 'MEDIUM' },
    { day: -58, subject: 'Invoice address is wrong', text: 'We have moved.', days: null, priority: 'HIGH' },
    {
      day: -44,
      subject: 'Integration lost its token',
      text: 'Again, every Monday.',
      days: null,
      priority: 'HIGH',
    },
    {
      day: -27,
      subject: 'Duplicate rows after import',
      text: 'Twice the revenue.',
      days: null,
      priority: 'MEDIUM',
    },
    {
      day: -9,
      subject: 'Export stops halfway',
      text: 'At the end of the month.',
      days: null,
      priority: 'MEDIUM',
    },
  ],
  meetings: [
    { day: -440, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -250, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -84, title: 'Renewal talk', outcome: 'COMPLETED' },
    { day: 16, title: 'Check-in', outcome: 'COMPLETED' },
  ],
  calls: [{ day: -20, isInbound: true, isAnswered: true }],
  emails: [
    { day: -92, isIncoming: true, subject: 'Fewer seats next year' },
    { day: -38, isIncoming: false, subject: 'Re: invoice' },
    { day: -19, isIncoming: false, subject: 'Reminder: invoice' },
  ],
  notes: [{ day: -84, text: '<p>Renewed with a third fewer seats; the budget was cut.</p>' }],
  tasks: [{ day: -18, due: 3, subject: 'Chase the invoice', isDone: false }],
  usage: [
    [-900, 1],
    [-160, 0.8],
    [-70, 0.65],
  ],
  sentiment: [
    [-700, 'Neutral'],
    [-75, 'Negative'],
  ],
  paidAfter: [6, 18, null],
};

const ELM: Story = {
  name: 'Elm Street Media',
  industry: 'MEDIA_PRODUCTION',
  life: { health: 0.5, plan: 'Growth', currency: 'USD', noticeDays: 30, created: -1250 },
  terms: [
    { kind: 'new', start: -1155, mrr: 1300 },
    {
      kind: 'renewal',
      start: -790,
      mrr: 1400,
      leaves: { noticed: -470, reason: 'budget_cut', kind: 'voluntary' },
    },
    { kind: 'return', start: -150, mrr: 1100 },
  ],
  people: [
    {
      first: 'Wanda',
      last: 'Castellano',
      job: 'Chief Operating Officer',
      role: 'DECISION_MAKER',
      from: -1249,
    },
    { first: 'Jonas', last: 'Ueda', job: 'Operations Manager', role: 'CHAMPION', from: -1150 },
    { first: 'Ada', last: 'Kowalski', job: 'Head of Finance', role: 'BUDGET_HOLDER', from: -160 },
  ],
  asked: [
    { day: -540, person: 1, score: 7, text: 'Good, and it costs what it costs.' },
    { day: -85, person: 1, score: 9, text: 'We missed it.' },
    { day: -85, person: 2, score: null },
  ],
  tickets: [
    {
      day: -130,
      subject: 'Cannot invite a colleague',
      text: 'Our old users are back.',
      days: 1,
      priority: 'LOW',
    },
  ],
  meetings: [
    { day: -620, title: 'Quarterly review', outcome: 'COMPLETED' },
    { day: -478, title: 'Budget talk', outcome: 'COMPLETED' },
    { day: -185, title: 'What is new', outcome: 'COMPLETED' },
    { day: -120, title: 'Onboarding', outcome: 'COMPLETED' },
    { day: -28, title: 'Check-in', outcome: 'COMPLETED' },
  ],
  calls: [{ day: -190, isInbound: true, isAnswered: true }],
  emails: [
    { day: -470, isIncoming: true, subject: 'We have to stop for now' },
    { day: -192, isIncoming: true, subject: 'Could we come back?' },
    { day: -21, isIncoming: true, subject: 'Thank you for the training' },
  ],
  notes: [{ day: -185, text: '<p>Missed the reports. Budget is back since autumn.</p>' }],
  tasks: [{ day: -8, due: 12, subject: 'Book the review', isDone: true }],
  usage: [
    [-1200, 1],
    [-520, 0.6],
    [-150, 0.8],
    [-60, 1],
  ],
  sentiment: [
    [-700, 'Neutral'],
    [-80, 'Positive'],
  ],
  paidAfter: [4, 7, 1],
};

/** By the number of the account; they follow the untidy ones. */
export const NAMED: ReadonlyMap<number, Story> = new Map([
  [21, ALDER],
  [22, BIRCHWOOD],
  [23, COBALT],
  [24, DUNE],
  [25, ELM],
]);

/** The story of an account that has one. */
export function storyOf(world: World, account: number): Story | undefined {
  return world.accounts >= SMALLEST_WITH_NAMES ? NAMED.get(account) : undefined;
}

/** The life that a story tells; any other account's stays as it is. */
export function nameLife(life: Life, world: World): Life {
  const story = storyOf(world, life.account);
  if (story === undefined) return life;
  const { created, ...latent } = story.life;
  const terms = story.terms.map((term) => dated(term, world.today));
  return {
    ...life,
    ...latent,
    isCustomer: true,
    billing: 'yearly',
    created: world.today + created,
    terms: renewedUntil(terms, lastDay(world)),
  };
}

function dated({ kind, start, mrr, expansion, leaves }: StoryTerm, today: number): Term {
  return {
    kind,
    start: today + start,
    end: addMonths(today + start, 12) - 1,
    months: 12,
    mrr,
    expansion: expansion === undefined ? null : { ...expansion, day: today + expansion.day },
    leaves: leaves === undefined ? null : { ...leaves, noticed: today + leaves.noticed },
  };
}
