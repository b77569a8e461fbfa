/** The kinds of rows that a file may hold, and the fields of each. */
export const KINDS = [
  'accounts',
  'contracts',
  'events',
  'responses',
  'touches',
  'tickets',
  'usage',
  'purchases',
  'invoices',
  'fx',
] as const;
export type Kind = (typeof KINDS)[number];

/** How a field's text is read: the form in which it is stored is the same for every file. */
export type FieldType =
  'text' | 'day' | 'moment' | 'number' | 'whole' | 'positive' | 'yes_no' | 'currency' | readonly string[];

interface KindFields {
  fields: Readonly<Record<string, FieldType>>;
  /** the fields whose values are the id where the mapping names no other; the first one is filled from `id` */
  id: readonly string[];
  /** a mapping without one of these is refused; of a list, one is enough */
  mapped: readonly (string | readonly string[])[];
  /** a row without one of these values is rejected */
  needed: readonly string[];
}

/** The canonical fields. A contract without start or value is loaded and listed as a data problem: somebody sold it. */
export const KIND_FIELDS: Readonly<Record<Kind, KindFields>> = {
  accounts: {
    fields: {
      account_id: 'text',
      name: 'text',
      domain: 'text',
      parent_id: 'text',
      created_date: 'day',
      churn_flag: 'yes_no',
      churn_date: 'day',
      churn_reason: 'text',
      account_type: 'text',
      plan: 'text',
      country: 'text',
      industry: 'text',
    },
    id: ['account_id'],
    mapped: ['account_id'],
    needed: ['account_id'],
  },
  contracts: {
    fields: {
      contract_id: 'text',
      account_id: 'text',
      start_date: 'day',
      end_date: 'day',
      service_end_date: 'day',
      notice_date: 'day',
      mrr: 'number',
      value: 'number',
      term_months: 'whole',
      currency: 'currency',
      auto_renew: 'yes_no',
      is_trial: 'yes_no',
      line: 'text',
      kind: ['new', 'renewal', 'expansion', 'return'],
      churn_kind: 'text',
      churn_reason: 'text',
      paused_from: 'day',
      paused_to: 'day',
      recorded_at: 'moment',
    },
    id: ['contract_id'],
    mapped: ['account_id', 'start_date', ['mrr', 'value']],
    needed: ['account_id'],
  },
  events: {
    fields: {
      event_id: 'text',
      account_id: 'text',
      date: 'day',
      type: ['churn', 'reactivation'],
      reason: 'text',
      text: 'text',
    },
    id: ['event_id'],
    mapped: ['account_id', 'date', 'type'],
    needed: ['account_id', 'date', 'type'],
  },
  responses: {
    fields: {
      response_id: 'text',
      account_id: 'text',
      contact_id: 'text',
      type: ['NPS', 'CSAT', 'CES'],
      score: 'number',
      min: 'number',
      max: 'number',
      text: 'text',
      at: 'moment',
    },
    id: ['response_id'],
    mapped: ['account_id', 'type', 'score', 'at'],
    needed: ['account_id', 'type', 'at'],
  },
  touches: {
    fields: {
      touch_id: 'text',
      account_id: 'text',
      at: 'moment',
      type: 'text',
      direction: 'text',
      by: 'text',
    },
    id: ['touch_id'],
    mapped: ['account_id', 'at', 'type'],
    needed: ['account_id', 'at'],
  },
  tickets: {
    fields: {
      ticket_id: 'text',
      account_id: 'text',
      opened_at: 'moment',
      closed_at: 'moment',
      priority: 'text',
      category: 'text',
      first_reply_minutes: 'number',
      satisfaction: 'number',
    },
    id: ['ticket_id'],
    mapped: ['account_id', 'opened_at'],
    needed: ['account_id', 'opened_at'],
  },
  usage: {
    fields: {
      usage_id: 'text',
      account_id: 'text',
      contract_id: 'text',
      day: 'day',
      feature: 'text',
      count: 'number',
    },
    id: ['usage_id'],
    mapped: [['account_id', 'contract_id'], 'day'],
    needed: ['day'],
  },
  purchases: {
    fields: {
      purchase_id: 'text',
      account_id: 'text',
      day: 'day',
      amount: 'number',
      currency: 'currency',
      units: 'number',
    },
    id: ['purchase_id'],
    mapped: ['account_id', 'day', 'amount'],
    needed: ['account_id', 'day', 'amount'],
  },
  invoices: {
    fields: {
      invoice_id: 'text',
      account_id: 'text',
      issued: 'day',
      due: 'day',
      paid: 'day',
      amount: 'number',
      currency: 'currency',
    },
    id: ['invoice_id'],
    mapped: ['account_id', ['issued', 'due']],
    needed: ['account_id'],
  },
  fx: {
    fields: { from: 'currency', to: 'currency', date: 'day', rate: 'positive' },
    id: ['from', 'to', 'date'],
    mapped: ['from', 'to', 'date', 'rate'],
    needed: ['from', 'to', 'date', 'rate'],
  },
};
