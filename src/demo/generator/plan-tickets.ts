import { atHour, moodOn, relations, termOn } from './life.ts';
import type { Planned } from './plan.ts';
import { somebody, type PersonPlan } from './plan-people.ts';
import { eventDays } from './plan-times.ts';
import { random } from './random.ts';

const MOST = 100;

export interface TicketPlan {
  createdAt: number;
  /** the first answer of an agent */
  answeredAt: number;
  /** null: stays open */
  closedAt: number | null;
  person: number;
  told: { subject: string; text: string; priority: string } | null;
}

export function planTickets(planned: Planned, people: readonly PersonPlan[]): TicketPlan[] {
  const { world, life, story } = planned;
  const dice = random(world.seed, life.account, 14);
  const tickets: TicketPlan[] = (story?.tickets ?? []).map(({ day, days, ...told }) => {
    const createdAt = atHour(world.today + day, 9.5);
    return {
      createdAt,
      answeredAt: atHour(world.today + day, 13),
      closedAt: days === null ? null : createdAt + days * 86_400_000,
      person: Math.min(1, people.length - 1),
      told,
    };
  });
  if (!life.isCustomer) return [];
  const trouble = Math.max(0, 1.2 - 0.7 * life.health);
  const since = story === undefined ? life.created + 10 : world.today + 1;
  for (const day of eventDays(dice, relations(life), 0.5 + 1.4 * trouble, since)) {
    const createdAt = atHour(day, dice.int(7, 17) + dice.next());
    const hours = Math.round(4 * Math.exp(1.1 * dice.normal() - 0.3 * moodOn(life, day)) * 10) / 10;
    const staysOpen = dice.chance(0.06);
    const ticket = {
      createdAt,
      answeredAt: createdAt + Math.round(hours * 3_600_000),
      closedAt: staysOpen ? null : createdAt + Math.round(hours * 12 * 3_600_000),
      person: somebody(dice, people, createdAt),
      told: null,
    };
    if (termOn(life, day) !== undefined || day < (life.terms[0]?.start ?? 0)) tickets.push(ticket);
  }
  return tickets.filter((ticket) => ticket.createdAt <= world.until).slice(0, MOST);
}
