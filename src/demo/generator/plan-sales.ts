import { Temporal } from 'temporal-polyfill';
import { addMonths, dayText } from './days.ts';
import { atHour, type Life, type Term } from './life.ts';
import { MESSY } from './messy.ts';
import type { Planned } from './plan.ts';
import { RECORDED_MONTHS } from './plan-usage.ts';
import { random, type Random } from './random.ts';

/** A deal from its opening to its end; what it sells is on record once it is won. */
export interface DealPlan {
  kind: 'term' | 'expansion' | 'lost_renewal' | 'unsold';
  createdAt: number;
  closedAt: number;
  /** the day on which it was expected to close while it was open */
  expected: number;
  isWon: boolean;
  term: Term | null;
  /** why it was lost */
  reason: string | null;
  /** value a month of what was not bought */
  mrr: number;
}

export interface ItemPlan {
  deal: number;
  createdAt: number;
  what: 'plan' | 'seats' | 'module';
}

/** What was asked of an account on one day, for a month or a year of service. */
export interface BillPlan {
  createdAt: number;
  issued: number;
  amount: number;
  /** null: not paid by the end of the story */
  paidOn: number | null;
}

export interface SubscriptionPlan {
  createdAt: number;
  /** the terms by the month that it stands for */
  terms: readonly Term[];
}

export interface SalesPlan {
  deals: DealPlan[];
  items: ItemPlan[];
  subscriptions: SubscriptionPlan[];
  bills: BillPlan[];
}

const DAYS_OPEN = 45;

export function planSales(planned: Planned): SalesPlan {
  const { world, life } = planned;
  const dice = random(world.seed, life.account, 6);
  const deals = planDeals(planned, dice).filter((deal) => deal.createdAt <= world.until);
  const items = deals.flatMap((deal, n) =>
    deal.isWon && deal.closedAt <= world.until
      ? itemsOf(deal).map((what) => ({ deal: n, createdAt: deal.closedAt, what }))
      : [],
  );
  const subscriptions =
    life.billing === 'monthly'
      ? spellsOf(life)
          .map((terms) => ({ terms, createdAt: atHour(terms[0]?.start ?? 0, 0) }))
          .filter((one) => one.createdAt <= world.until)
      : [];
  return { deals, items, subscriptions, bills: planBills(planned) };
}

/** The terms by the month, cut where the account was away. */
function spellsOf({ terms }: Life): Term[][] {
  const spells: Term[][] = [];
  for (const term of terms) {
    if (term.kind === 'renewal') spells.at(-1)?.push(term);
    else spells.push([term]);
  }
  return spells;
}

function itemsOf(deal: DealPlan): ItemPlan['what'][] {
  return deal.kind === 'expansion' ? ['module'] : ['plan', 'seats'];
}

function planDeals(planned: Planned, dice: Random): DealPlan[] {
  const { life } = planned;
  if (life.terms.length === 0) return life.account === MESSY.noDeals ? [] : unsold(planned, dice);
  const deals: DealPlan[] = [];
  for (const term of life.terms) {
    // What is billed by the month is sold once.
    if (life.billing === 'monthly' && term.kind === 'renewal') continue;
    const before = term.kind === 'renewal' ? dice.int(1, 40) : dice.int(1, 14);
    deals.push(deal(planned, dice, { kind: 'term', term, closed: term.start - before, isWon: true }));
    if (life.billing === 'monthly') continue;
    if (term.expansion !== null) {
      const closed = term.expansion.day - dice.int(0, 5);
      deals.push(
        deal(planned, dice, { kind: 'expansion', term, closed, isWon: true, mrr: term.expansion.mrr }),
      );
    }
    if (term.leaves !== null) {
      const { noticed: closed, reason } = term.leaves;
      deals.push(deal(planned, dice, { kind: 'lost_renewal', term, closed, isWon: false, reason }));
    }
  }
  return deals;
}

// What prospects looked at and did not buy.
function unsold(planned: Planned, dice: Random): DealPlan[] {
  const count = dice.int(0, 2);
  return Array.from({ length: count }, () => {
    const closed = planned.life.created + dice.int(20, 200);
    const reason = dice.pick(['price', 'competitor', 'no_decision']);
    const mrr = dice.int(200, 4000);
    return deal(planned, dice, { kind: 'unsold', term: null, closed, isWon: false, reason, mrr });
  });
}

function deal(
  { life, createdAt: known }: Planned,
  dice: Random,
  facts: Pick<DealPlan, 'kind' | 'term' | 'isWon'> & { closed: number; reason?: string; mrr?: number },
): DealPlan {
  const { kind, term, isWon } = facts;
  // A deal begins and ends after its company became known.
  const closed = Math.max(facts.closed, life.created + 2);
  const createdAt = atHour(Math.max(closed - DAYS_OPEN, life.created + 1), 10);
  const closedAt =
    life.account === MESSY.closedBeforeMidnight ? minuteBeforeMidnight(closed) : atHour(closed, 15);
  return {
    kind,
    term,
    isWon,
    createdAt: Math.max(createdAt, known + 3_600_000),
    closedAt,
    expected: closed + dice.int(1, 25),
    reason: facts.reason ?? null,
    mrr: facts.mrr ?? term?.mrr ?? 0,
  };
}

function minuteBeforeMidnight(day: number): number {
  return Temporal.PlainDate.from(dayText(day)).toZonedDateTime({
    timeZone: 'Europe/Berlin',
    plainTime: '23:59',
  }).epochMilliseconds;
}

// One bill at the start of each month or year that a term covers.
function planBills({ world, life, story }: Planned): BillPlan[] {
  const dice = random(world.seed, life.account, 16);
  const step = life.billing === 'monthly' ? 1 : 12;
  const since = life.billing === 'monthly' ? addMonths(world.today, -RECORDED_MONTHS) : 0;
  const bills: BillPlan[] = [];
  for (const [n, term] of life.terms.entries()) {
    for (let months = 0; months < term.months; months += step) {
      const issued = addMonths(term.start, months);
      const createdAt = atHour(issued, 6);
      if (createdAt > world.until) return bills;
      const drawn = Math.round(Math.max(-20, 4 - 12 * life.health + 14 * dice.normal()));
      if (issued < since) continue;
      const isLast = months + step >= term.months;
      const isRefused = term.leaves?.reason === 'payment_failed' && isLast;
      const told = story?.paidAfter[n];
      const delay = told === undefined ? drawn : told;
      const paidOn = isRefused || delay === null ? null : issued + 30 + delay;
      bills.push({ createdAt, issued, amount: term.mrr * step, paidOn });
    }
  }
  return bills;
}
