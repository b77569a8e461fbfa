import type { HandMadeLink, HandMadeRecord } from '../../support/hand-made.ts';

/** Noon on this day is when everything is asked. */
export const TODAY = '2026-03-01';
export const NOON = new Date('2026-03-01T12:00:00Z');

const DAY_MS = 86_400_000;
export const records: HandMadeRecord[] = [];
export const links: HandMadeLink[] = [];
let nextId = 5000;

/** The day so many days after today. */
export function day(offset: number): string {
  return new Date(Date.parse(TODAY) + offset * DAY_MS).toISOString().slice(0, 10);
}

function add(type: string, properties: Record<string, string>, createdAt?: string): string {
  nextId += 1;
  records.push({
    type,
    id: String(nextId),
    properties,
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  return String(nextId);
}

interface DealFacts {
  start: string;
  /** the last day of the term */
  end: string;
  mrr?: number;
  currency?: string;
  rate?: string;
  motion?: string;
  name?: string;
}

/** An account with what the case says of it; answers the company's id. */
export function account(name: string, properties: Record<string, string> = {}): string {
  return add('companies', { name, lifecyclestage: 'customer', ...properties });
}

export function deal(company: string, facts: DealFacts): string {
  const id = add('deals', {
    dealname: facts.name ?? 'A term',
    hs_is_closed_won: 'true',
    hf_motion: facts.motion ?? 'new',
    hf_term_start: facts.start,
    hf_term_end: facts.end,
    hs_mrr: String(facts.mrr ?? 100),
    deal_currency_code: facts.currency ?? 'USD',
    ...(facts.rate === undefined ? {} : { hs_exchange_rate: facts.rate }),
  });
  links.push(['deals', id, 'companies', company, 5]);
  return id;
}

export function subscription(company: string, start: string, mrr: number): string {
  const id = add('subscriptions', {
    hs_recurring_billing_start_date: start,
    hs_mrr: String(mrr),
    hs_recurring_billing_frequency: 'monthly',
    hs_currency_code: 'USD',
  });
  links.push(['subscriptions', id, 'companies', company]);
  return id;
}

export function person(company: string, name: string, properties: Record<string, string> = {}): string {
  const [firstname = '', lastname = ''] = name.split(' ');
  const id = add('contacts', { firstname, lastname, ...properties });
  links.push(['contacts', id, 'companies', company, 1]);
  return id;
}

export function answer(contact: string, on: string, score: string, type = 'NPS'): string {
  const id = add('feedback_submissions', {
    hs_survey_type: type,
    hs_value: score,
    hs_submission_timestamp: `${on}T10:00:00Z`,
    hs_contact_id: contact,
  });
  links.push(['feedback_submissions', id, 'contacts', contact, 98]);
  return id;
}

export function touch(company: string, type: string, properties: Record<string, string>): string {
  const id = add(type, properties);
  links.push([type, id, 'companies', company]);
  return id;
}

export function meeting(company: string, on: string, outcome = 'COMPLETED'): string {
  return touch(company, 'meetings', {
    hs_timestamp: `${on}T09:00:00Z`,
    hs_meeting_start_time: `${on}T09:00:00Z`,
    hs_meeting_outcome: outcome,
  });
}

export function ticket(company: string, opened: string, properties: Record<string, string> = {}): string {
  const id = add('tickets', {
    createdate: `${opened}T08:00:00Z`,
    hs_is_closed: 'false',
    hs_ticket_priority: 'LOW',
    ...properties,
  });
  links.push(['tickets', id, 'companies', company, 26]);
  return id;
}

export function invoice(company: string, due: string, properties: Record<string, string> = {}): string {
  const id = add('invoices', {
    hs_invoice_status: 'open',
    hs_invoice_date: day(-100),
    hs_due_date: due,
    hs_amount_billed: '1200',
    hs_balance_due: '1200',
    hs_currency: 'USD',
    ...properties,
  });
  links.push(['invoices', id, 'companies', company]);
  return id;
}
