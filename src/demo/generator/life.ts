import { addMonths, DAY_MS, toDay } from './days.ts';
import { random, type Random } from './random.ts';
import { CHURN_REASONS } from './words.ts';
import { laterDay, type World } from './world.ts';

export type Currency = 'USD' | 'EUR' | 'GBP';

/** One term of recurring value, as it really was; what HubSpot holds of it may be messier. */
export interface Term {
  kind: 'new' | 'renewal' | 'return';
  /** days since 1970; the end is the last day that is paid for */
  start: number;
  end: number;
  months: number;
  /** recurring value a month, in the account's currency */
  mrr: number;
  /** a larger order in the middle of the term, if there was one */
  expansion: { day: number; mrr: number } | null;
  /** the account leaves at its end */
  leaves: Leaving | null;
}

export interface Leaving {
  /** the day on which they say so */
  noticed: number;
  reason: string;
  kind: 'voluntary' | 'involuntary';
}

/** An account's true story, from which every record about it follows. What lies ahead of a moment is in it too. */
export interface Life {
  account: number;
  /** buys at some time of the story */
  isCustomer: boolean;
  /** a latent state, mean 0: what surveys, tickets, usage and leaving have in common */
  health: number;
  plan: 'Starter' | 'Growth' | 'Scale' | 'Enterprise';
  currency: Currency;
  billing: 'monthly' | 'yearly';
  /** null for what is billed by the month */
  noticeDays: number | null;
  /** the day the company became known */
  created: number;
  terms: readonly Term[];
}

const PLANS = [
  ['Starter', 45, 350],
  ['Growth', 32, 1200],
  ['Scale', 17, 4200],
  ['Enterprise', 6, 12_500],
] as const;
const YEARS = 5;
/** A term that begins so many days after the end of the story casts its shadow before: its deal is open already. */
const FORESIGHT_DAYS = 120;
/** The months before an account leaves show it. */
const DECLINE_DAYS = 180;

/** What happens to an account by chance, told by the seed alone: the same up to any moment, however long the story goes on. */
export function liveAccount(world: World, account: number): Life {
  const { seed, today } = world;
  const dice = random(seed, account, 1);
  const founded = addMonths(today, -12 * YEARS);
  const chance = dice.next();
  // A growing business: the later the month, the more accounts start in it.
  const created =
    account < world.accounts
      ? founded + Math.floor(Math.sqrt(chance) * (today - founded - 20))
      : laterDay(world, account, chance);
  const isCustomer = dice.chance(0.78);
  const health = dice.normal();
  const plan = dice.weighted(PLANS.map(([name, weight, price]) => [{ name, price }, weight] as const));
  const currency = dice.weighted([
    ['USD', 58],
    ['EUR', 29],
    ['GBP', 13],
  ] as const);
  const billing = plan.name === 'Starter' && dice.chance(0.45) ? 'monthly' : 'yearly';
  const noticeDays = billing === 'yearly' ? random(seed, account, 12).pick([30, 60, 90]) : null;
  const life: Life = {
    account,
    isCustomer,
    health,
    plan: plan.name,
    currency,
    billing,
    noticeDays,
    created,
    terms: [],
  };
  if (!isCustomer) return life;
  const first = created + dice.int(10, 60);
  const mrr = Math.round(plan.price * Math.exp(0.35 * dice.normal()));
  const terms = liveTerms(dice, life, { start: first, last: lastDay(world), mrr });
  return { ...life, terms, isCustomer: terms.length > 0 };
}

/** The last day on which a term may begin that the story knows of. */
export function lastDay({ until }: World): number {
  return toDay(until) + FORESIGHT_DAYS;
}

function liveTerms(dice: Random, life: Life, from: { start: number; last: number; mrr: number }): Term[] {
  const terms: Term[] = [];
  let { start, mrr } = from;
  let kind: Term['kind'] = 'new';
  let hasReturned = false;
  const months =
    life.billing === 'monthly'
      ? 1
      : dice.weighted([
          [12, 80],
          [24, 14],
          [36, 6],
        ] as const);
  while (start <= from.last) {
    const end = addMonths(start, months) - 1;
    const grows = months >= 12 && dice.chance(0.12 + 0.05 * Math.max(0, life.health));
    const day = start + dice.int(60, 240);
    const expansion = grows && day < end ? { day, mrr: Math.round(mrr * (0.1 + 0.3 * dice.next())) } : null;
    // Odds of leaving at the end of a term; a bad year multiplies them.
    const odds = (months === 1 ? 0.018 : 0.13) * Math.exp(-0.85 * life.health);
    const leaves = dice.chance(Math.min(0.9, odds)) ? leave(dice, life, { start, end }) : null;
    terms.push({ kind, start, end, months, mrr, expansion, leaves });
    if (leaves !== null) {
      const returns = !hasReturned && dice.chance(0.09);
      const back = addMonths(end + 1, dice.int(3, 14));
      if (!returns) return terms;
      hasReturned = true;
      kind = 'return';
      start = back;
    } else {
      kind = 'renewal';
      start = end + 1;
    }
    const change = renewalChange(dice, life.health);
    // A price by the month is looked at once a year.
    if (months > 1 || terms.length % 12 === 0) mrr = Math.round((mrr + (expansion?.mrr ?? 0)) * (1 + change));
  }
  return terms;
}

function leave(dice: Random, { noticeDays }: Life, term: { start: number; end: number }): Leaving {
  const reason = dice.weighted(CHURN_REASONS);
  const before = noticeDays === null ? dice.int(1, 12) : noticeDays + dice.int(0, 40);
  const isForced = ['company_closed', 'acquired', 'payment_failed'].includes(reason);
  return {
    noticed: Math.max(term.start + 5, term.end - before),
    reason,
    kind: isForced ? 'involuntary' : 'voluntary',
  };
}

// Most renew with an uplift, some grow, some shrink.
function renewalChange(dice: Random, health: number): number {
  if (dice.chance(0.1 - 0.03 * health)) return -(0.05 + 0.25 * dice.next());
  return dice.chance(0.3) ? 0.08 + 0.2 * dice.next() : 0.03 * dice.next();
}

/** The term that serves a day. */
export function termOn({ terms }: Life, day: number): Term | undefined {
  return terms.find((term) => term.start <= day && day <= term.end);
}

/** How the account feels on a day: its latent health, and the way down in the months before it leaves. */
export function moodOn(life: Life, day: number): number {
  const leaving = termOn(life, day);
  if (leaving === undefined || leaving.leaves === null) return life.health;
  const left = leaving.end - day;
  return life.health - 1.4 * Math.max(0, 1 - left / DECLINE_DAYS);
}

/** The stretches of days in which the two have to do with each other: before the first contract, under contract, and a little beyond. */
export function relations(life: Life): { from: number; to: number }[] {
  if (life.terms.length === 0) return [{ from: life.created + 1, to: life.created + 250 }];
  const spans: { from: number; to: number }[] = [];
  let from = life.created + 1;
  for (const term of life.terms) {
    if (term.kind === 'return') from = term.start - 45;
    if (term.leaves !== null) spans.push({ from, to: term.end + 15 });
  }
  const last = life.terms.at(-1);
  if (last !== undefined && last.leaves === null) spans.push({ from, to: last.end });
  return spans;
}

/** An hour of a day, in ms. */
export function atHour(day: number, hours: number): number {
  return day * DAY_MS + Math.round(hours * 3_600_000);
}
