/** The record types of every portal, in the order in which a person would want them. */
export const STANDARD_TYPES = [
  'companies',
  'contacts',
  'deals',
  'line_items',
  'tickets',
  'feedback_submissions',
  'subscriptions',
  'invoices',
  'meetings',
  'calls',
  'emails',
  'notes',
  'tasks',
] as const;

/** Types that have pipelines. */
export const PIPELINE_TYPES = ['deals', 'tickets'] as const;

/**
 * Which links are read, from the record that usually has few of them. Feedback has no link to a company: it is reached
 * through the contact or the ticket.
 */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  companies: ['companies'],
  contacts: ['companies'],
  deals: ['companies', 'contacts'],
  line_items: ['deals', 'invoices', 'subscriptions'],
  tickets: ['companies', 'contacts'],
  feedback_submissions: ['contacts', 'tickets'],
  subscriptions: ['companies', 'contacts', 'deals'],
  invoices: ['companies', 'contacts', 'deals'],
  meetings: ['companies', 'contacts', 'deals'],
  calls: ['companies', 'contacts', 'deals'],
  emails: ['companies', 'contacts', 'deals'],
  notes: ['companies', 'contacts', 'deals'],
  tasks: ['companies', 'contacts', 'deals'],
};
const CUSTOM_LINKS = ['companies', 'contacts', 'deals'] as const;

/** The types to which links of this type are read. */
export function linksOf(objectType: string): readonly string[] {
  return LINKS[objectType] ?? CUSTOM_LINKS;
}

/** HubSpot filters contacts by `lastmodifieddate` and everything else by `hs_lastmodifieddate`; the other one finds nothing, silently. */
export function modifiedProperty(objectType: string): string {
  return objectType === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}
