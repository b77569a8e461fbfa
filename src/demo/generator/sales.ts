import type { Draft } from './bundle.ts';
import { companyName } from './company.ts';
import { addMonths, DAY_MS, dayText } from './days.ts';
import { atHour, type Currency, type Leaving, type Term } from './life.ts';
import { MESSY } from './messy.ts';
import { random } from './random.ts';
import type { BillPlan, DealPlan, ItemPlan, SubscriptionPlan } from './plan-sales.ts';
import type { Change, Value } from './story.ts';

/** US dollars for one unit; the portal's own currency is the US dollar. */
const RATES: Record<Currency, number> = { USD: 1, EUR: 1.09, GBP: 1.27 };

/** Deals with their recurring line items, subscriptions and invoices: where contracts are read from. */
export function buildSales(draft: Draft): void {
  const { plan } = draft;
  const deals = plan.deals.map((deal) => addDeal(draft, deal));
  for (const item of plan.items) {
    const deal = plan.deals[item.deal];
    const id = deals[item.deal];
    if (deal?.term !== null && deal !== undefined && id !== undefined)
      addLineItem(draft, id, { item, deal, term: deal.term });
  }
  for (const subscription of plan.subscriptions) addSubscription(draft, subscription);
  for (const [k, bill] of plan.bills.entries()) addInvoice(draft, bill, k);
}

const LAST_MESSY = Math.max(...Object.values(MESSY));

const PIPELINES = {
  renewals: { open: 'renewal_open', won: 'renewal_won', lost: 'renewal_lost' },
  default: { open: 'negotiation', won: 'closedwon', lost: 'closedlost' },
} as const;

interface Offer {
  pipeline: keyof typeof PIPELINES;
  motion: string;
  mrr: number;
  months: number;
  start: number;
  /** null: by the month, without an end */
  end: number | null;
}

function offerOf({ life }: Draft, { kind, term, mrr, closedAt }: DealPlan): Offer {
  const after = Math.floor(closedAt / DAY_MS) + 1;
  if (kind === 'unsold' || term === null)
    return {
      pipeline: 'default',
      motion: 'new',
      mrr,
      months: 12,
      start: after,
      end: addMonths(after, 12) - 1,
    };
  if (kind === 'lost_renewal') {
    const start = term.end + 1;
    const end = addMonths(start, term.months) - 1;
    return { pipeline: 'renewals', motion: 'renewal', mrr, months: term.months, start, end };
  }
  if (kind === 'expansion') {
    const start = term.expansion?.day ?? term.start;
    const months = Math.max(1, Math.round((term.end - start) / 30.4));
    return { pipeline: 'default', motion: 'expansion', mrr, months, start, end: term.end };
  }
  const isMonthly = life.billing === 'monthly';
  return {
    pipeline: term.kind === 'renewal' ? 'renewals' : 'default',
    motion: term.kind,
    mrr,
    months: isMonthly ? 12 : term.months,
    start: term.start,
    end: isMonthly ? null : term.end,
  };
}

function addDeal(draft: Draft, deal: DealPlan): string {
  const { life, world } = draft;
  const offer = offerOf(draft, deal);
  const isCurrent = offer.end !== null && offer.start <= world.today && offer.end >= world.today;
  const archives = life.account === MESSY.archivedDeal && offer.end !== null && offer.end < world.today;
  const id = draft.add('deals', {
    createdAt: deal.createdAt,
    changes: [closing(draft, deal, offer, isCurrent)],
    ...(archives ? { archivedAt: deal.closedAt + 90 * DAY_MS } : {}),
    properties: {
      ...openDeal(draft, offer, isCurrent),
      dealname: `${companyName(world, life.account)} ${offer.motion}`,
      closedate: new Date(atHour(deal.expected, 15)).toISOString(),
    },
  });
  draft.link(['deals', id], ['companies', draft.id('companies', 0)], 341, 342);
  draft.link(['deals', id], ['companies', draft.id('companies', 0)], 5, 6);
  draft.link(['deals', id], ['contacts', draft.id('contacts', 0)], 3, 4);
  return id;
}

function openDeal({ life, owner }: Draft, offer: Offer, isCurrent: boolean): Record<string, Value> {
  const isStrange = life.account === MESSY.unknownCurrency;
  const isDatesLess = life.account === MESSY.missingDates;
  const hasNoAmount = life.account === MESSY.dealWithoutAmount && isCurrent;
  const sign = life.account === MESSY.negativeValue && isCurrent ? -1 : 1;
  const isNew = offer.motion === 'new' || offer.motion === 'return';
  return {
    pipeline: offer.pipeline,
    dealstage: PIPELINES[offer.pipeline].open,
    dealtype: isNew ? 'newbusiness' : 'existingbusiness',
    amount: hasNoAmount ? null : sign * Math.round(offer.mrr * offer.months),
    deal_currency_code: isStrange ? 'XXB' : life.currency,
    hs_exchange_rate: isStrange ? null : RATES[life.currency],
    hs_is_closed: false,
    hs_is_closed_won: false,
    hubspot_owner_id: owner,
    hf_motion: offer.motion,
    hf_term_months: offer.end === null ? null : offer.months,
    hf_term_start: isDatesLess ? null : dayText(offer.start),
    hf_term_end: isDatesLess || offer.end === null ? null : dayText(offer.end),
  };
}

function closing({ life }: Draft, deal: DealPlan, offer: Offer, isCurrent: boolean): Change {
  const { isWon } = deal;
  const hasNoAmount = life.account === MESSY.dealWithoutAmount && isCurrent;
  return {
    at: deal.closedAt,
    set: {
      dealstage: PIPELINES[offer.pipeline][isWon ? 'won' : 'lost'],
      closedate: new Date(deal.closedAt).toISOString(),
      hs_is_closed: true,
      hs_is_closed_won: isWon,
      hs_mrr: isWon && !hasNoAmount ? offer.mrr : null,
      hs_arr: isWon && !hasNoAmount ? offer.mrr * 12 : null,
      closed_lost_reason: deal.reason,
    },
  };
}

const ITEMS = {
  plan: { product: '9001', share: 0.9 },
  seats: { product: '9002', share: 0.1 },
  module: { product: '9003', share: 1 },
} as const;

function addLineItem(
  draft: Draft,
  dealId: string,
  { item, deal, term }: { item: ItemPlan; deal: DealPlan; term: Term },
): void {
  const { life } = draft;
  const { product, share } = ITEMS[item.what];
  const isMonthly = life.billing === 'monthly';
  const start = item.what === 'module' ? (term.expansion?.day ?? term.start) : term.start;
  const quantity = item.what === 'seats' ? Math.max(1, Math.round(term.mrr / 40)) : 1;
  const amount = deal.mrr * share;
  const names = { plan: `${life.plan} plan`, seats: 'User seats', module: 'Additional module' };
  const autoRenew = item.what === 'module' ? null : autoRenewOf(draft);
  const id = draft.add('line_items', {
    createdAt: item.createdAt,
    changes: autoRenew === true && term.leaves !== null ? [notRenewed(item, term.leaves)] : [],
    properties: {
      name: names[item.what],
      price: (amount / quantity).toFixed(2),
      quantity,
      amount: amount.toFixed(2),
      recurringbillingfrequency: 'monthly',
      hs_recurring_billing_period: isMonthly ? null : `P${term.months}M`,
      hs_recurring_billing_start_date: dayText(start),
      hs_recurring_billing_end_date: isMonthly ? null : dayText(term.end),
      hs_line_item_currency_code: life.account === MESSY.unknownCurrency ? 'XXB' : life.currency,
      hs_product_id: product,
      hf_auto_renew: autoRenew,
    },
  });
  draft.link(['line_items', id], ['deals', dealId], 20, 19);
}

/**
 * Whether the terms of an account renew by themselves; null where nobody wrote it down, and for the untidy accounts, whose gaps a term that
 * goes on would cover. Drawn apart from everything else, so that it moves no other number.
 */
function autoRenewOf({ life, world }: Draft): boolean | null {
  if (life.billing === 'monthly' || life.account <= LAST_MESSY) return null;
  const dice = random(world.seed, life.account, 20);
  return dice.weighted<boolean | null>([
    [true, 55],
    [false, 25],
    [null, 20],
  ]);
}

/** Who gives notice switches off what would go on. */
function notRenewed({ createdAt }: ItemPlan, { noticed }: Leaving): Change {
  return { at: Math.max(createdAt + 3_600_000, atHour(noticed, 15)), set: { hf_auto_renew: false } };
}

function addSubscription(draft: Draft, { createdAt, terms }: SubscriptionPlan): void {
  const { life } = draft;
  const [first] = terms;
  if (first === undefined) return;
  const price = (term: Term): Record<string, Value> => ({
    hs_mrr: term.mrr,
    hs_next_payment_amount: term.mrr,
    hs_next_payment_due_date: dayText(term.end + 1),
  });
  const id = draft.add('subscriptions', {
    createdAt,
    changes: terms.flatMap((term) => [
      { at: atHour(term.start, 0), set: price(term) },
      ...(term.leaves === null ? [] : [ended(term, term.leaves.kind)]),
    ]),
    properties: {
      hs_name: `${life.plan} monthly`,
      hs_status: 'active',
      hs_recurring_billing_start_date: dayText(first.start),
      hs_recurring_billing_frequency: 'monthly',
      hs_currency_code: life.currency,
      ...price(first),
    },
  });
  draft.link(['subscriptions', id], ['companies', draft.id('companies', 0)], 297, 298);
  draft.link(['subscriptions', id], ['contacts', draft.id('contacts', 0)], 295, 296);
}

function ended(term: Term, kind: 'voluntary' | 'involuntary'): Change {
  return {
    at: atHour(term.end, 20),
    set: {
      hs_status: kind === 'involuntary' ? 'past_due' : 'canceled',
      hs_recurring_billing_end_date: dayText(term.end),
      hs_next_payment_amount: null,
      hs_next_payment_due_date: null,
    },
  };
}

function addInvoice(draft: Draft, { createdAt, issued, amount, paidOn }: BillPlan, k: number): void {
  const { life } = draft;
  const paid =
    paidOn === null
      ? []
      : [
          {
            at: atHour(paidOn, 10),
            set: { hs_invoice_status: 'paid', hf_paid_date: dayText(paidOn), hs_balance_due: 0 },
          },
        ];
  const id = draft.add('invoices', {
    createdAt,
    changes: paid,
    properties: {
      hs_number: `INV-${life.account}-${k + 1}`,
      hs_invoice_status: 'open',
      hs_invoice_date: dayText(issued),
      hs_due_date: dayText(issued + 30),
      hs_amount_billed: amount,
      hs_balance_due: amount,
      hs_currency: life.currency,
    },
  });
  draft.link(['invoices', id], ['companies', draft.id('companies', 0)], 179, 180);
  draft.link(['invoices', id], ['contacts', draft.id('contacts', 0)], 177, 178);
}
