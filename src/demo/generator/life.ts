import { addMonths, toDay } from './days.ts';
import { random, type Random } from './random.ts';
import { CHURN_REASONS } from './words.ts';

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
}

/** An account's true story, from which every record about it follows. */
export interface Life {
  account: number;
  isCustomer: boolean;
  /** a latent state, mean 0: what surveys, tickets, usage and leaving have in common */
  health: number;
  plan: 'Starter' | 'Growth' | 'Scale' | 'Enterprise';
  currency: Currency;
  billing: 'monthly' | 'yearly';
  /** the day the company became known */
  created: number;
  terms: readonly Term[];
  /** the last day of service, where the account has left */
  churn: { day: number; reason: string; kind: 'voluntary' | 'involuntary' } | null;
}

const PLANS = [
  ['Starter', 45, 350],
  ['Growth', 32, 1200],
  ['Scale', 17, 4200],
  ['Enterprise', 6, 12_500],
] as const;
const YEARS = 5;

/** What happens to an account by chance, told by the seed alone. */
export function liveAccount(seed: number, account: number, anchor: number): Life {
  const dice = random(seed, account, 1);
  const today = toDay(anchor);
  const founded = addMonths(today, -12 * YEARS);
  // A growing business: the later the month, the more accounts start in it.
  const created = founded + Math.floor(Math.sqrt(dice.next()) * (today - founded - 20));
  const isCustomer = dice.chance(0.78);
  const health = dice.normal();
  const plan = dice.weighted(PLANS.map(([name, weight, price]) => [{ name, price }, weight] as const));
  const currency = dice.weighted([
    ['USD', 58],
    ['EUR', 29],
    ['GBP', 13],
  ] as const);
  const billing = plan.name === 'Starter' && dice.chance(0.45) ? 'monthly' : 'yearly';
  const life: Life = {
    account,
    isCustomer,
    health,
    plan: plan.name,
    currency,
    billing,
    created,
    terms: [],
    churn: null,
  };
  if (!isCustomer) return life;
  const first = created + dice.int(10, 60);
  const mrr = Math.round(plan.price * Math.exp(0.35 * dice.normal()));
  return first > today
    ? { ...life, isCustomer: false }
    : { ...life, ...liveTerms(dice, life, { start: first, today, mrr }) };
}

function liveTerms(
  dice: Random,
  life: Life,
  from: { start: number; today: number; mrr: number },
): Pick<Life, 'terms' | 'churn'> {
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
  while (start <= from.today) {
    const end = addMonths(start, months) - 1;
    const grows = months >= 12 && dice.chance(0.12 + 0.05 * Math.max(0, life.health));
    const day = start + dice.int(60, 240);
    const expansion =
      grows && day <= from.today && day < end
        ? { day, mrr: Math.round(mrr * (0.1 + 0.3 * dice.next())) }
        : null;
    terms.push({ kind, start, end, months, mrr, expansion });
    if (end >= from.today) return { terms, churn: null };
    // Odds of leaving at the end of a term; a bad year multiplies them.
    const odds = (months === 1 ? 0.018 : 0.13) * Math.exp(-0.85 * life.health);
    if (dice.chance(Math.min(0.9, odds))) {
      const reason = dice.weighted(CHURN_REASONS);
      const returns = !hasReturned && dice.chance(0.09);
      const back = addMonths(end + 1, dice.int(3, 14));
      if (!returns || back > from.today) {
        const involuntary = ['company_closed', 'acquired', 'payment_failed'].includes(reason);
        return { terms, churn: { day: end, reason, kind: involuntary ? 'involuntary' : 'voluntary' } };
      }
      hasReturned = true;
      kind = 'return';
      start = back;
    } else {
      kind = 'renewal';
      start = end + 1;
    }
    mrr = Math.round((mrr + (expansion?.mrr ?? 0)) * (1 + renewalChange(dice, life.health)));
  }
  return { terms, churn: null };
}

// Most renew with an uplift, some grow, some shrink.
function renewalChange(dice: Random, health: number): number {
  if (dice.chance(0.1 - 0.03 * health)) return -(0.05 + 0.25 * dice.next());
  return dice.chance(0.3) ? 0.08 + 0.2 * dice.next() : 0.03 * dice.next();
}
