import { DAY_MS } from './days.ts';
import type { Life } from './life.ts';
import type { Story } from './named.ts';
import { planActivity, type ActivityPlan } from './plan-activity.ts';
import { planPeople, type PersonPlan } from './plan-people.ts';
import { planSales, type SalesPlan } from './plan-sales.ts';
import { planSurveys, type AskPlan, type AnswerPlan } from './plan-surveys.ts';
import { planTickets, type TicketPlan } from './plan-tickets.ts';
import { planUsage, type UsagePlan } from './plan-usage.ts';
import { random } from './random.ts';
import type { World } from './world.ts';

/** Whom a plan is made for. */
export interface Planned {
  world: World;
  life: Life;
  /** the story of an account with a name */
  story: Story | undefined;
  /** when the company was recorded, in ms */
  createdAt: number;
}

/**
 * What happens to an account and when, without the words: one entry a record, up to the end of the story. Cheap, so that a portal of any size
 * can be counted without being made.
 */
export interface Plan extends SalesPlan, ActivityPlan {
  createdAt: number;
  people: PersonPlan[];
  tickets: TicketPlan[];
  asked: AskPlan[];
  answers: AnswerPlan[];
  usage: UsagePlan[];
}

export function planOf(world: World, life: Life, story: Story | undefined): Plan {
  const createdAt = life.created * DAY_MS + random(world.seed, life.account, 13).int(8, 17) * 3_600_000;
  const planned: Planned = { world, life, story, createdAt };
  const people = planPeople(planned);
  const tickets = planTickets(planned, people);
  return {
    createdAt,
    people,
    tickets,
    ...planSurveys(planned, people, tickets),
    ...planSales(planned),
    ...planActivity(planned, people),
    usage: planUsage(planned),
  };
}
