import { DAY_MS } from './days.ts';
import { atHour, moodOn, termOn } from './life.ts';
import type { Planned } from './plan.ts';
import { presentAt, type PersonPlan } from './plan-people.ts';
import type { TicketPlan } from './plan-tickets.ts';
import { random, type Random } from './random.ts';

/** Somebody was asked how likely they are to recommend us. */
export interface AskPlan {
  at: number;
  person: number;
}

export interface AnswerPlan {
  at: number;
  person: number;
  type: 'NPS' | 'CSAT' | 'CES';
  /** a number of its ticket, for satisfaction with one */
  ticket: number | null;
  told: { score: number; text: string | null } | null;
}

const MOST_ASKED = 3;
const MOST_ANSWERS = 120;

/** Who is asked, and who answers: every half year after the start, at the end of some tickets, and once about the beginning. */
export function planSurveys(
  planned: Planned,
  people: readonly PersonPlan[],
  tickets: readonly TicketPlan[],
): { asked: AskPlan[]; answers: AnswerPlan[] } {
  const { world, life, story } = planned;
  const dice = random(world.seed, life.account, 15);
  const asked: AskPlan[] = [];
  const answers: AnswerPlan[] = [];
  for (const { day, person, score, text } of story?.asked ?? []) {
    const at = atHour(world.today + day, 9);
    asked.push({ at, person });
    if (score === null) continue;
    const told = { score, text: text ?? null };
    answers.push({ at: at + 2 * DAY_MS + 5_000_000, person, type: 'NPS', ticket: null, told });
  }
  addWaves(planned, dice, people, { asked, answers });
  addSatisfaction(planned, dice, tickets, answers);
  addEffort(planned, dice, answers);
  const isTold = ({ at }: { at: number }): boolean => at <= world.until;
  return { asked: asked.filter(isTold), answers: answers.filter(isTold).slice(0, MOST_ANSWERS) };
}

function addWaves(
  { world, life, story }: Planned,
  dice: Random,
  people: readonly PersonPlan[],
  to: { asked: AskPlan[]; answers: AnswerPlan[] },
): void {
  const since = story === undefined ? 0 : world.today + 60;
  const first = life.terms[0]?.start;
  if (first === undefined) return;
  const last = world.until / DAY_MS;
  for (let day = Math.max(since, first + dice.int(50, 120)); day <= last; day += dice.int(150, 200)) {
    const at = atHour(day, 9);
    const willing = 0.52 + 0.08 * moodOn(life, day);
    for (const person of presentAt(people, at).slice(0, MOST_ASKED)) {
      const answers = dice.chance(willing);
      const answeredAt = atHour(day + dice.int(0, 9), dice.int(10, 20));
      // Nobody is asked while there is no contract; what was drawn is drawn all the same.
      if (termOn(life, day) === undefined) continue;
      to.asked.push({ at, person });
      if (answers) to.answers.push({ at: answeredAt, person, type: 'NPS', ticket: null, told: null });
    }
  }
}

function addSatisfaction(
  { world, story }: Planned,
  dice: Random,
  tickets: readonly TicketPlan[],
  answers: AnswerPlan[],
): void {
  for (const [ticket, { closedAt, person }] of tickets.entries()) {
    const at = (closedAt ?? 0) + dice.int(1, 48) * 3_600_000;
    const isAnswered = dice.chance(0.3) && closedAt !== null;
    if (isAnswered && (story === undefined || at > world.today * DAY_MS))
      answers.push({ at, person, type: 'CSAT', ticket, told: null });
  }
}

function addEffort({ life, story }: Planned, dice: Random, answers: AnswerPlan[]): void {
  const first = life.terms[0];
  if (first === undefined || story !== undefined || !dice.chance(0.25)) return;
  const at = atHour(first.start + dice.int(20, 45), dice.int(9, 18));
  answers.push({ at, person: 0, type: 'CES', ticket: null, told: null });
}
