import { Temporal } from 'temporal-polyfill';
import type { Draft } from './bundle.ts';
import { companyName } from './company.ts';
import { billsOf } from './billing.ts';
import { addMonths, DAY_MS, dayText } from './days.ts';
import type { Currency, Term } from './life.ts';
import { MESSY } from './messy.ts';
import { random, type Random } from './random.ts';

/** US dollars for one unit; the portal's own currency is the US dollar. */
const RATES: Record<Currency, number> = { USD: 1, EUR: 1.09, GBP: 1.27 };
const RECENT_TERMS = 12;
const HOUR_MS = 3_600_000;

/** Deals with their recurring line items, subscriptions and invoices: where contracts are read from. */
export function buildSales(draft: Draft): void {
  const { life, seed } = draft;
  const dice = random(seed, life.account, 6);
  const terms = life.billing === 'monthly' ? life.terms.slice(0, 1) : life.terms.slice(-RECENT_TERMS);
  for (const term of terms) {
    addTermDeal(draft, dice, term);
    if (term.expansion !== null && life.billing === 'yearly')
      addExpansionDeal(draft, dice, term, term.expansion);
  }
  addUnwonDeals(draft, dice);
  if (draft.shape.subscriptions > 0) addSubscription(draft);
  addInvoices(draft, dice);
}

function addTermDeal(draft: Draft, dice: Random, term: Term): void {
  const { life, seed } = draft;
  const isMonthly = life.billing === 'monthly';
  const months = isMonthly ? 12 : term.months;
  const closed = term.start - (term.kind === 'renewal' ? dice.int(1, 40) : dice.int(1, 14));
  const type = term.kind === 'renewal' ? 'existingbusiness' : 'newbusiness';
  const deal = addDeal(draft, {
    name: `${companyName(seed, life.account)} ${term.kind}`,
    pipeline: term.kind === 'renewal' ? 'renewals' : 'default',
    stage: term.kind === 'renewal' ? 'renewal_won' : 'closedwon',
    type,
    closed,
    mrr: term.mrr,
    months,
    start: term.start,
    end: isMonthly ? null : term.end,
    motion: term.kind,
  });
  const users = Math.max(1, Math.round(term.mrr / 40));
  addLineItem(draft, deal, {
    name: `${life.plan} plan`,
    price: term.mrr * 0.9,
    quantity: 1,
    term,
    monthly: isMonthly,
  });
  addLineItem(draft, deal, {
    name: 'User seats',
    price: (term.mrr * 0.1) / users,
    quantity: users,
    term,
    monthly: isMonthly,
  });
}

function addExpansionDeal(
  draft: Draft,
  dice: Random,
  term: Term,
  expansion: { day: number; mrr: number },
): void {
  const { life, seed } = draft;
  const deal = addDeal(draft, {
    name: `${companyName(seed, life.account)} expansion`,
    pipeline: 'default',
    stage: 'closedwon',
    type: 'existingbusiness',
    closed: expansion.day - dice.int(0, 5),
    mrr: expansion.mrr,
    months: Math.max(1, Math.round((term.end - expansion.day) / 30.4)),
    start: expansion.day,
    end: term.end,
    motion: 'expansion',
  });
  addLineItem(draft, deal, {
    name: 'Additional module',
    price: expansion.mrr,
    quantity: 1,
    term: { ...term, start: expansion.day },
    monthly: false,
  });
}

interface DealFacts {
  name: string;
  pipeline: string;
  stage: string;
  type: string;
  closed: number;
  mrr: number;
  months: number;
  start: number;
  end: number | null;
  motion: string;
  lostReason?: string;
}

function addDeal(draft: Draft, deal: DealFacts): string {
  const { life, today } = draft;
  const isLatest = deal.end !== null && deal.end >= today;
  const currency = life.account === MESSY.unknownCurrency ? 'XXB' : life.currency;
  const won = deal.stage.endsWith('won');
  // A deal begins and ends after its company became known.
  const closed = Math.max(deal.closed, life.created + 2);
  const closedAt =
    life.account === MESSY.closedBeforeMidnight
      ? minuteBeforeMidnight(closed)
      : closed * DAY_MS + 15 * HOUR_MS;
  const hasNoAmount = life.account === MESSY.dealWithoutAmount && isLatest;
  const isDatesLess = life.account === MESSY.missingDates;
  const createdAt = Math.max(closed - 45, life.created + 1) * DAY_MS + 10 * HOUR_MS;
  const id = draft.add('deals', {
    createdAt,
    changes: [closedAt],
    ...(life.account === MESSY.archivedDeal && !isLatest
      ? { archivedAt: Math.min(draft.anchor, closedAt + 90 * DAY_MS) }
      : {}),
    properties: {
      dealname: deal.name,
      pipeline: deal.pipeline,
      dealstage: deal.stage,
      dealtype: deal.type,
      amount: hasNoAmount
        ? null
        : (life.account === MESSY.negativeValue && isLatest ? -1 : 1) * Math.round(deal.mrr * deal.months),
      deal_currency_code: currency,
      hs_exchange_rate: life.account === MESSY.unknownCurrency ? null : RATES[life.currency],
      hs_mrr: won && !hasNoAmount ? deal.mrr : null,
      hs_arr: won && !hasNoAmount ? deal.mrr * 12 : null,
      closedate: new Date(closedAt).toISOString(),
      hs_is_closed: deal.stage !== 'negotiation' && deal.stage !== 'renewal_open',
      hs_is_closed_won: won,
      closed_lost_reason: deal.lostReason ?? null,
      hubspot_owner_id: draft.owner,
      hf_motion: deal.motion,
      hf_term_months: deal.end === null ? null : deal.months,
      hf_term_start: isDatesLess ? null : dayText(deal.start),
      hf_term_end: isDatesLess || deal.end === null ? null : dayText(deal.end),
    },
  });
  draft.link(['deals', id], ['companies', draft.id('companies', 0)], 341, 342);
  draft.link(['deals', id], ['companies', draft.id('companies', 0)], 5, 6);
  draft.link(['deals', id], ['contacts', draft.id('contacts', 0)], 3, 4);
  return id;
}

function minuteBeforeMidnight(day: number): number {
  return Temporal.PlainDate.from(dayText(day)).toZonedDateTime({
    timeZone: 'Europe/Berlin',
    plainTime: '23:59',
  }).epochMilliseconds;
}

function addLineItem(
  draft: Draft,
  deal: string,
  item: { name: string; price: number; quantity: number; term: Term; monthly: boolean },
): void {
  const { life } = draft;
  const amount = item.price * item.quantity;
  const createdAt = Math.max(item.term.start - 20, life.created + 2) * DAY_MS;
  const id = draft.add('line_items', {
    createdAt,
    properties: {
      name: item.name,
      price: item.price.toFixed(2),
      quantity: item.quantity,
      amount: amount.toFixed(2),
      hs_discount_percentage: null,
      recurringbillingfrequency: 'monthly',
      hs_recurring_billing_period: item.monthly ? null : `P${item.term.months}M`,
      hs_recurring_billing_start_date: dayText(item.term.start),
      hs_recurring_billing_end_date: item.monthly ? null : dayText(item.term.end),
      hs_line_item_currency_code: life.account === MESSY.unknownCurrency ? 'XXB' : life.currency,
      hs_product_id:
        item.name === 'User seats' ? '9002' : item.name === 'Additional module' ? '9003' : '9001',
    },
  });
  draft.link(['line_items', id], ['deals', deal], 20, 19);
}

// Deals that nobody won: a lost renewal of a leaver, an open renewal, or what prospects did not buy.
function addUnwonDeals(draft: Draft, dice: Random): void {
  const { life, today, seed } = draft;
  const last = life.terms.at(-1);
  for (let left = draft.shape.deals - dealsSoFar(draft); left > 0; left -= 1) {
    const isOpen = life.isCustomer && life.churn === null;
    const closed =
      life.churn?.day ?? (isOpen ? today + 30 : Math.min(today - 1, life.created + dice.int(20, 200)));
    addDeal(draft, {
      name: `${companyName(seed, life.account)} ${life.isCustomer ? 'renewal' : 'new'}`,
      pipeline: life.isCustomer ? 'renewals' : 'default',
      stage: isOpen ? 'renewal_open' : life.isCustomer ? 'renewal_lost' : 'closedlost',
      type: life.isCustomer ? 'existingbusiness' : 'newbusiness',
      closed,
      mrr: last?.mrr ?? dice.int(200, 4000),
      months: 12,
      start: closed + 1,
      end: addMonths(closed + 1, 12) - 1,
      motion: life.isCustomer ? 'renewal' : 'new',
      ...(isOpen
        ? {}
        : { lostReason: life.churn?.reason ?? dice.pick(['price', 'competitor', 'no_decision']) }),
    });
  }
}

function dealsSoFar({ life, shape }: Draft): number {
  const terms =
    life.billing === 'monthly' ? Math.min(1, life.terms.length) : Math.min(RECENT_TERMS, life.terms.length);
  return terms === 0 ? 0 : shape.line_items - terms;
}

function addSubscription(draft: Draft): void {
  const { life } = draft;
  const first = life.terms[0];
  const last = life.terms.at(-1);
  if (first === undefined || last === undefined) return;
  const id = draft.add('subscriptions', {
    createdAt: first.start * DAY_MS,
    changes: [last.start * DAY_MS, (life.churn?.day ?? 0) * DAY_MS],
    properties: {
      hs_name: `${life.plan} monthly`,
      hs_status: life.churn === null ? 'active' : life.churn.kind === 'involuntary' ? 'past_due' : 'canceled',
      hs_recurring_billing_start_date: dayText(first.start),
      hs_recurring_billing_frequency: 'monthly',
      hs_recurring_billing_end_date: life.churn === null ? null : dayText(life.churn.day),
      hs_next_payment_amount: life.churn === null ? last.mrr : null,
      hs_next_payment_due_date: life.churn === null ? dayText(last.end + 1) : null,
      hs_mrr: last.mrr,
      hs_currency_code: life.currency,
    },
  });
  draft.link(['subscriptions', id], ['companies', draft.id('companies', 0)], 297, 298);
  draft.link(['subscriptions', id], ['contacts', draft.id('contacts', 0)], 295, 296);
}

function addInvoices(draft: Draft, dice: Random): void {
  const { life, today } = draft;
  const bills = billsOf(life, today);
  for (const [k, { issued, amount }] of bills.entries()) {
    const due = issued + 30;
    const delay = Math.round(Math.max(-20, 4 - 12 * life.health + 14 * dice.normal()));
    const isUnpaid = life.churn?.reason === 'payment_failed' && k === bills.length - 1;
    const paid = due + delay < today && !isUnpaid ? due + delay : null;
    const id = draft.add('invoices', {
      createdAt: issued * DAY_MS + 6 * HOUR_MS,
      changes: paid === null ? [] : [paid * DAY_MS],
      properties: {
        hs_number: `INV-${life.account}-${k + 1}`,
        hs_invoice_status: paid === null ? 'open' : 'paid',
        hs_invoice_date: dayText(issued),
        hs_due_date: dayText(due),
        hf_paid_date: paid === null ? null : dayText(paid),
        hs_amount_billed: amount,
        hs_balance_due: paid === null ? amount : 0,
        hs_currency: life.currency,
      },
    });
    draft.link(['invoices', id], ['companies', draft.id('companies', 0)], 179, 180);
    draft.link(['invoices', id], ['contacts', draft.id('contacts', 0)], 177, 178);
  }
}
