import { DAY_MS } from './days.ts';
import { atHour, moodOn, relations } from './life.ts';
import type { Planned } from './plan.ts';
import { somebody, type PersonPlan } from './plan-people.ts';
import { eventDays } from './plan-times.ts';
import { random, type Random } from './random.ts';

const MINUTE_MS = 60_000;
/** Records of each kind that there is room for. */
const MOST = 64;
const MOST_EMAILS = 128;

/** Something that customer success and the account did together. `at` is when it takes place, `createdAt` when it was written down. */
interface Engagement {
  createdAt: number;
  at: number;
  person: number;
}
export interface MeetingPlan extends Engagement {
  outcome: 'COMPLETED' | 'NO_SHOW' | 'CANCELED';
  decidedAt: number;
  title: string | null;
}
export interface CallPlan extends Engagement {
  isInbound: boolean;
  isAnswered: boolean;
}
export interface EmailPlan extends Engagement {
  isIncoming: boolean;
  subject: string | null;
}
export interface NotePlan extends Engagement {
  text: string | null;
}
export interface TaskPlan extends Engagement {
  /** null: stays undone */
  doneAt: number | null;
  subject: string | null;
}

export interface ActivityPlan {
  meetings: MeetingPlan[];
  calls: CallPlan[];
  emails: EmailPlan[];
  notes: NotePlan[];
  tasks: TaskPlan[];
}

/** Times a year, for customers and for those who have not bought. */
const RATES = {
  customer: { calls: 1.3, emails: 4.2, notes: 1.1, tasks: 1.6 },
  prospect: { calls: 1.6, emails: 4, notes: 1.2, tasks: 1.2 },
};

/** Everything that customer success and the account say to each other; meetings and tasks are written down before their day. */
export function planActivity(planned: Planned, people: readonly PersonPlan[]): ActivityPlan {
  const { world, life, story, createdAt } = planned;
  const dice = random(world.seed, life.account, 7);
  const rates = life.isCustomer ? RATES.customer : RATES.prospect;
  const spans = relations(life);
  // An account with a name does what its story says up to the anchor, and what others do from then on.
  const since = story === undefined ? life.created + 1 : world.today + 1;
  const days = (perYear: number): number[] => eventDays(dice, spans, perYear, since);
  const hour = (): number => dice.int(7 * 60, 18 * 60) / 60;
  const told = storyActivity(planned);
  const drawn: ActivityPlan = {
    meetings: days(life.isCustomer ? Math.max(0.5, 1.6 + 0.45 * life.health) : 1).map((day) =>
      meeting(dice, atHour(day, hour()), createdAt),
    ),
    calls: days(rates.calls).map((day) => ({
      ...moment(atHour(day, hour())),
      isInbound: dice.chance(0.5),
      isAnswered: dice.chance(0.7),
    })),
    emails: days(rates.emails).map((day) => ({
      ...moment(atHour(day, hour())),
      isIncoming: dice.chance(0.4 + 0.05 * moodOn(life, day)),
      subject: null,
    })),
    notes: days(rates.notes).map((day) => ({ ...moment(atHour(day, hour())), text: null })),
    tasks: days(rates.tasks).map((day) => task(dice, atHour(day, hour()))),
  };
  const whole = <Plan extends Engagement>(one: readonly Plan[], two: readonly Plan[], most: number): Plan[] =>
    [...one, ...two]
      .filter((plan) => plan.createdAt <= world.until)
      .slice(0, most)
      .map((plan) => ({ ...plan, person: somebody(dice, people, plan.createdAt) }));
  return {
    meetings: whole(told.meetings, drawn.meetings, MOST),
    calls: whole(told.calls, drawn.calls, MOST),
    emails: whole(told.emails, drawn.emails, MOST_EMAILS),
    notes: whole(told.notes, drawn.notes, MOST),
    tasks: whole(told.tasks, drawn.tasks, MOST),
  };
}

function moment(at: number): Engagement {
  return { createdAt: at, at, person: 0 };
}

function meeting(dice: Random, at: number, known: number): MeetingPlan {
  const booked = Math.max(at - dice.int(8, 40) * DAY_MS, known + 3_600_000);
  const outcome = dice.weighted([
    ['COMPLETED', 80],
    ['NO_SHOW', 10],
    ['CANCELED', 10],
  ] as const);
  const decided = outcome === 'CANCELED' ? at - dice.int(2, 60) * 3_600_000 : at + 50 * MINUTE_MS;
  return {
    createdAt: booked,
    at,
    person: 0,
    outcome,
    decidedAt: Math.max(decided, booked + MINUTE_MS),
    title: null,
  };
}

function task(dice: Random, createdAt: number): TaskPlan {
  const due = createdAt + dice.int(4, 21) * DAY_MS;
  const done = Math.max(createdAt + 3_600_000, due + dice.int(-4, 6) * DAY_MS);
  return { createdAt, at: due, person: 0, doneAt: dice.chance(0.88) ? done : null, subject: null };
}

function storyActivity({ world, story }: Planned): ActivityPlan {
  const at = (day: number, hours: number): number => atHour(world.today + day, hours);
  return {
    meetings: (story?.meetings ?? []).map(({ day, title, outcome }) => ({
      createdAt: at(day - 21, 9),
      at: at(day, 10),
      person: 0,
      outcome,
      decidedAt: outcome === 'CANCELED' ? at(day - 1, 16) : at(day, 11),
      title,
    })),
    calls: (story?.calls ?? []).map(({ day, ...call }) => ({ ...moment(at(day, 15)), ...call })),
    emails: (story?.emails ?? []).map(({ day, ...email }) => ({ ...moment(at(day, 8.5)), ...email })),
    notes: (story?.notes ?? []).map(({ day, text }) => ({ ...moment(at(day, 16)), text })),
    tasks: (story?.tasks ?? []).map(({ day, due, subject, isDone }) => ({
      createdAt: at(day, 9),
      at: at(due, 12),
      person: 0,
      doneAt: isDone ? at(due, 11) : null,
      subject,
    })),
  };
}
