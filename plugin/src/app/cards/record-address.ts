import type { RecordRef } from './answer.ts';

/** HubSpot's numbers of the record types that have a page of their own; a test compares them with the product's. */
const TYPE_NUMBERS: Readonly<Record<string, string>> = {
  contacts: '0-1',
  companies: '0-2',
  deals: '0-3',
  tickets: '0-5',
  line_items: '0-8',
  feedback_submissions: '0-19',
  invoices: '0-53',
  subscriptions: '0-69',
};

/** Where HubSpot shows the record; null where it shows none, as for calls and for what was imported. */
export function recordAddress(base: string | null, { type, id }: RecordRef): string | null {
  const number = TYPE_NUMBERS[type];
  return base === null || number === undefined || !/^\d+$/.test(id) ? null : `${base}${number}/${id}`;
}
