import type { Draft } from './bundle.ts';
import { addMonths, dayText } from './days.ts';
import { atHour, moodOn, termOn, type Term } from './life.ts';
import { MESSY } from './messy.ts';
import type { Random } from './random.ts';
import type { Change } from './story.ts';

const QUARTER_DAYS = 91;

/** What happens to a company record, in no order: stages, terms and their values, leaving, use, mood, and who was asked. */
export function companyChanges(draft: Draft, dice: Random): Change[] {
  return [
    ...stages(draft),
    ...draft.life.terms.flatMap((term, n) => termChanges(draft, term, n)),
    ...use(draft, dice),
    ...sentiments(draft, dice),
    ...draft.plan.asked.map(({ at }) => ({
      at,
      set: { hf_last_nps_sent_at: dayText(Math.floor(at / 86_400_000)) },
    })),
    ...pause(draft),
  ];
}

function stages({ life, plan }: Draft): Change[] {
  const seen: Change = { at: atHour(life.created + 5, 9), set: { lifecyclestage: 'opportunity' } };
  if (!life.isCustomer) return life.account % 3 === 0 ? [seen] : [];
  if (life.terms.length > 0) return [seen];
  // Called a customer, though nothing was ever sold to it.
  const { plan: edition, currency } = life;
  const set = { lifecyclestage: 'customer', hf_plan: edition, hf_contract_currency: currency };
  return [seen, { at: plan.createdAt + 30 * 86_400_000, set }];
}

// The date of the next renewal was typed in anew with every term, two days late.
function termChanges({ life }: Draft, term: Term, n: number): Change[] {
  const isMissing = life.account === MESSY.missingDates;
  const sign = life.account === MESSY.negativeValue ? -1 : 1;
  const changes: Change[] = [];
  if (term.kind !== 'renewal' || n === 0) {
    changes.push({
      at: atHour(term.start, 9),
      set: { lifecyclestage: 'customer', hf_churn_date: null, hf_churn_reason: null, hf_churn_kind: null },
    });
  }
  changes.push({
    at: atHour(term.start + 2, 9),
    set: {
      ...(n === 0 && !isMissing ? { hf_contract_start: dayText(term.start) } : {}),
      ...(isMissing ? {} : { hf_renewal_date: dayText(addMonths(term.start, term.months)) }),
      hf_contract_value: sign * 12 * term.mrr,
      hf_contract_currency: life.account === MESSY.unknownCurrency ? 'XXB' : life.currency,
      hf_plan: life.plan,
      hf_notice_days: life.noticeDays,
      hf_seats: seatsOf(term.mrr),
    },
  });
  if (term.expansion !== null) {
    const mrr = term.mrr + term.expansion.mrr;
    changes.push({
      at: atHour(term.expansion.day, 11),
      set: { hf_contract_value: sign * 12 * mrr, hf_seats: seatsOf(mrr) },
    });
  }
  if (term.leaves !== null) {
    changes.push({
      at: atHour(term.end + 1, 9),
      set: {
        lifecyclestage: 'other',
        hf_churn_date: dayText(term.end),
        hf_churn_reason: term.leaves.reason,
        hf_churn_kind: term.leaves.kind,
        hf_monthly_active_users: null,
        hs_csm_sentiment: null,
      },
    });
  }
  return changes;
}

export function seatsOf(mrr: number): number {
  return Math.max(3, Math.round(mrr / 40));
}

function use({ life, plan }: Draft, dice: Random): Change[] {
  const usual = Math.max(0.02, Math.min(1, 0.55 + 0.22 * life.health + 0.08 * dice.normal()));
  return plan.usage.flatMap(({ createdAt, share }) => {
    const term = termOn(life, Math.floor(createdAt / 86_400_000));
    if (term === undefined) return [];
    const users = Math.max(1, Math.round(seatsOf(term.mrr) * Math.min(1, usual * share)));
    return [{ at: createdAt, set: { hf_monthly_active_users: users } }];
  });
}

function sentiments({ life, story, world }: Draft, dice: Random): Change[] {
  if (story !== undefined) {
    return story.sentiment.map(([day, word]) => ({
      at: atHour(world.today + day, 12),
      set: { hs_csm_sentiment: word },
    }));
  }
  const first = life.terms[0]?.start;
  if (first === undefined) return [];
  const changes: Change[] = [];
  for (let day = first + 30; day * 86_400_000 <= world.until; day += QUARTER_DAYS) {
    const mood = moodOn(life, day) + 0.5 * dice.normal();
    const word = mood > 0.7 ? 'Positive' : mood < -0.8 ? 'Negative' : 'Neutral';
    if (termOn(life, day) !== undefined)
      changes.push({ at: atHour(day, 12), set: { hs_csm_sentiment: word } });
  }
  return changes;
}

function pause({ life, world }: Draft): Change[] {
  if (life.account !== MESSY.pause) return [];
  const [from, to] = [world.today - 100, world.today - 40];
  return [
    { at: atHour(from, 9), set: { hf_paused_from: dayText(from) } },
    { at: atHour(to, 9), set: { hf_paused_to: dayText(to) } },
  ];
}
